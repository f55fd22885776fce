using System.Diagnostics;
using System.Globalization;

namespace Heddle.Testing;

/// <summary>One search: which runs it makes, one after the other, and what it does with the first that fails.</summary>
/// <remarks>First come, first served, twice; then all orders with a few deviations; then seeds, random walks and priorities in turns.</remarks>
internal sealed class Explorer
{
    private const int MostArrivalRuns = 200;
    private const int SimulatedFaultKinds = 32;

    private static readonly TimeSpan s_arrivalTime = TimeSpan.FromSeconds(1);

    private readonly SimulationOptions _options;
    private readonly OtherThreads _others = new();
    private readonly OutsideWatch _outside;
    private readonly Properties _properties = new();
    private readonly SimulationRun _run;
    private readonly long _start = Stopwatch.GetTimestamp();
    private int _runs;
    private long _decisions;
    private ulong _hash;
    private readonly SortedDictionary<SimulationFaults, int> _struck = [];
    private Trace? _first;

    /// <summary>How many decisions a run has, as the first one had.</summary>
    private int _length;

    internal Explorer(Func<SimulationWorld, Coroutine> body, SimulationOptions options)
    {
        _options = options;
        _outside = new OutsideWatch(_others) { HasTaskCode = body.Target is TaskBody };
        _run = new SimulationRun(body, options, _outside, _properties);
    }

    internal SimulationSummary Explore() => Search(() =>
    {
        var fifo = RunFifo();
        var few = new FewDeviations(fifo, _options.Exhaustive && _options.Deviations == 0 ? int.MaxValue : _options.Deviations);
        var most = _options.Exhaustive ? _options.Runs : _options.Runs / 2;
        foreach (var strategy in few.Next())
        {
            if (_runs >= most || IsTimeOver)
            {
                break;
            }

            Try(strategy, _options.FirstSeed, seed: null);
        }

        for (var seed = _options.FirstSeed; !_options.Exhaustive && _runs < _options.Runs && !IsTimeOver; seed++)
        {
            Try(StrategyOf(seed), seed, seed);
        }

        return Summarize(few);
    });

    /// <param name="what">A recording, or a seed.</param>
    /// <param name="mustApply">Whether it is an error if the recording does not fit the program.</param>
    internal SimulationSummary Repeat(string what, bool mustApply)
    {
        if (ulong.TryParse(what, CultureInfo.InvariantCulture, out var seed))
        {
            return Repeat(seed);
        }

        IsReplay = true;
        var recording = Recording.Parse(what);
        return Search(() =>
        {
            var trace = new Trace();
            _runs++;
            if (_run.Execute(new RecordedStrategy(recording), recording.Seed, trace) is { } failure)
            {
                throw new FailureReport(this, failure, recording, trace, recording.ToString(), null).ToException();
            }

            var applied = trace.Deviations.Select(static deviation => deviation.Deviation).ToHashSet();
            if (mustApply && recording.Deviations.FirstOrDefault(deviation => !applied.Contains(deviation)) is { } missing)
            {
                var number = recording.Deviations.ToList().IndexOf(missing) + 1;
                throw new SimulationFailedException(
                    $"The recording does not fit the program any more: deviation {number} of {recording.Deviations.Count} did not come up, and the run did not fail. "
                    + $"It is '{missing}'. The task, or the await, is gone or has another name, comes up less often, or no other task is ready beside it any more. Look for the failure anew by "
                    + "Simulation.Explore; if the bug is gone, so may be this recording.",
                    what, null, _runs, null);
            }

            _hash = _run.Oracle.Hash;
            RefuseOutside();
            return Summarize(null);
        });
    }

    /// <summary>The run of a seed.</summary>
    internal SimulationSummary Repeat(ulong seed) => Search(() =>
    {
        IsReplay = true;
        Measure();
        Try(StrategyOf(seed), seed, seed);
        return Summarize(null);
    });

    internal SimulationOptions Options => _options;

    /// <summary>Whether one run is repeated, and no other is of interest.</summary>
    internal bool IsReplay { get; private set; }

    internal SimulationRun Run => _run;

    internal int Runs => _runs;

    internal TimeSpan Elapsed => Stopwatch.GetElapsedTime(_start);

    internal Properties Properties => _properties;

    internal string? FromOutside => _outside.First;

    /// <summary>Those that might have struck in a run so far, and did not.</summary>
    internal IEnumerable<SimulationFaults> NeverStruck => _struck.Where(static fault => fault.Value == 0).Select(static fault => fault.Key);

    /// <summary>The strategy is the seed's, and so is all that it chooses by.</summary>
    internal Strategy StrategyOf(ulong seed)
        => seed % 2 == 1 ? new RandomWalk(SplitMix.Of(seed))
            : new PriorityStrategy(SplitMix.Of(seed), depth: 2 + (int)(seed / 2 % 3), patience: 1 << (int)(2 * (seed / 6 % 3)), _length);

    private bool IsTimeOver => _options.Time != Timeout.InfiniteTimeSpan && Elapsed > _options.Time;

    private SimulationSummary Search(Func<SimulationSummary> search) => !_run.HasTaskCode ? _others.Watch(search) : PoolGate.With(gate =>
    {
        _run.Gate = gate;
        return _others.Watch(search);
    });

    /// <summary>Twice, to see at once whether a run can be repeated at all.</summary>
    private Positions RunFifo()
    {
        var fifo = new Positions([]);
        Try(fifo, _options.FirstSeed, seed: null);
        _length = _run.Oracle.Decisions;
        var (hash, turns) = (_run.Oracle.Hash, _run.Oracle.Turns.ToArray());
        var trace = new Trace(turns);
        var failure = _run.Execute(fifo, _options.FirstSeed, trace);

        // Before they are compared: what came from outside is why they differ, if they do.
        RefuseOutside();
        if (_run.Oracle.Hash != hash || failure is not null)
        {
            throw FailureReport.NotRepeatable(this, trace, failure);
        }

        _first = trace;
        return fifo;
    }

    private void Measure()
    {
        _run.Execute(Strategy.Fifo, _options.FirstSeed);
        _length = _run.Oracle.Decisions;
    }

    private void Try(Strategy strategy, ulong draws, ulong? seed)
    {
        _runs++;
        var failure = _run.Execute(strategy, draws);
        _decisions += _run.Oracle.Decisions;
        CountFaults();
        _hash = SplitMix.Of(_hash ^ _run.Oracle.Hash);
        if (failure is not null)
        {
            throw Examine(failure, strategy, draws, seed);
        }

        RefuseOutside();
    }

    private void CountFaults()
    {
        for (var kind = 0; _run.EnabledFaults != SimulationFaults.None && kind < SimulatedFaultKinds; kind++)
        {
            var fault = (SimulationFaults)(1 << kind);
            if ((_run.EnabledFaults & fault) != 0)
            {
                _struck[fault] = _struck.GetValueOrDefault(fault) + _run.Oracle.Struck[kind];
            }
        }
    }

    private void RefuseOutside()
    {
        if (_outside.First is not null && !_options.AllowOutside)
        {
            throw FailureReport.FromOutside(this);
        }
    }

    /// <summary>A run has failed: it is repeated, made as small as can be, and shown.</summary>
    private SimulationFailedException Examine(SimulationFailure failure, Strategy strategy, ulong draws, ulong? seed)
    {
        var (hash, turns) = (_run.Oracle.Hash, _run.Oracle.Turns.ToArray());
        var trace = new Trace(turns);
        var repeated = _run.Execute(strategy, draws, trace);
        if (_run.Oracle.Hash != hash || repeated?.Kind != failure.Kind)
        {
            RefuseOutside();
            return FailureReport.NotRepeatable(this, trace, failure);
        }

        if (!_run.Oracle.HasDrawn)
        {
            // Then that seed is nothing to keep.
            draws = 1;
        }

        var shrinking = new Shrinking(_run, failure.Kind, _options.ShrinkTime);
        if (shrinking.Shrink(new Recording(draws, [.. trace.Deviations.Select(static deviation => deviation.Deviation)])) is not { } small)
        {
            return new FailureReport(this, repeated, null, trace, strategy.ToString()!, seed).ToException();
        }

        var arrivalRuns = 0;
        if (!OtherArrivals.Give(small.Trace) && FindByArrivals(failure.Kind, draws, out arrivalRuns) is { } plain
            && shrinking.Shrink(new Recording(draws, [.. plain.Deviations.Select(static deviation => deviation.Deviation)])) is { } plainer
            && OtherArrivals.Give(plainer.Trace))
        {
            // Rather what a plain loop can do, too.
            small = plainer;
        }

        return new FailureReport(this, small.Failure, small.Recording, small.Trace, strategy.ToString()!, seed, arrivalRuns).ToException();
    }

    /// <summary>Looks for the failure in first come, first served order, with arrivals at other moments.</summary>
    /// <param name="kind">Of the failure.</param>
    /// <param name="draws">The seed of random numbers.</param>
    /// <param name="runs">How many runs there were in which something arrived whose moment could be another.</param>
    private Trace? FindByArrivals(string kind, ulong draws, out int runs)
    {
        var start = Stopwatch.GetTimestamp();
        runs = 0;
        for (var hasChoice = true; hasChoice && runs < MostArrivalRuns && Stopwatch.GetElapsedTime(start) < s_arrivalTime; runs += hasChoice ? 1 : 0)
        {
            var strategy = new OtherArrivals((ulong)runs);
            var trace = new Trace();
            if (_run.Execute(strategy, draws, trace)?.Kind == kind)
            {
                return trace;
            }

            hasChoice = strategy.HadChoice;
        }

        return null;
    }

    private SimulationSummary Summarize(FewDeviations? few) => new()
    {
        Runs = _runs,
        Decisions = _decisions,
        Elapsed = Elapsed,
        CompleteUpTo = few?.CompleteUpTo ?? 0,
        Beyond = few?.Beyond,
        NeverTrue = _properties.NeverTrue,
        Struck = _struck,
        FromOutside = _outside.First,
        Hash = _hash,
        Trace = _first,
    };
}
