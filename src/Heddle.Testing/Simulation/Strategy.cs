namespace Heddle.Testing;

/// <summary>How the choices of a run are made. What is not a turn of a task falls as it would without a simulation, unless the strategy says otherwise.</summary>
internal abstract class Strategy
{
    /// <summary>First come, first served, as a loop does without a simulation.</summary>
    internal static readonly Strategy Fifo = new FifoStrategy();

    internal virtual void Begin(SimulationRun run)
    {
    }

    /// <returns>Which of the ready tasks has the turn; their number to hold the first one back.</returns>
    internal abstract int ChooseTurn(ReadyTasks ready);

    internal virtual int Choose(Choice choice, int options) => 0;

    /// <summary>A task was started.</summary>
    internal virtual void OnSeen(SimulatedTask task)
    {
    }

    /// <summary>A task became ready in its own step.</summary>
    internal virtual void OnYielded(SimulatedTask task)
    {
    }

    private sealed class FifoStrategy : Strategy
    {
        internal override int ChooseTurn(ReadyTasks ready) => 0;

        public override string ToString() => "first come, first served";
    }
}

/// <summary>Each of the ready tasks has the turn with the same probability.</summary>
internal sealed class RandomWalk(ulong seed) : Strategy
{
    private readonly FaultDice _faults = new();
    private SplitMix _random;
    private SplitMix _chance;

    internal override void Begin(SimulationRun run)
    {
        _random = new SplitMix(seed);
        _chance = new SplitMix(~seed);
        _faults.Begin(ref _chance);
    }

    internal override int ChooseTurn(ReadyTasks ready) => _random.Below(ready.Count);

    internal override int Choose(Choice choice, int options) => _faults.Choose(choice, options, ref _chance);

    public override string ToString() => "random walk";
}

/// <summary>Tasks have random priorities, and at a few random moments the one whose turn it is sinks below all others.</summary>
/// <remarks>
/// A bug that needs d things in a certain order is found with a probability that depends on d, the number of tasks and the length of the run, and
/// not on chance at each of its choices. One that yields sinks as well, sooner or later, or a loop that polls would never let another in. After
/// Burckhardt, Kothari, Musuvathi and Nagarakatte, "A Randomized Scheduler with Probabilistic Guarantees of Finding Bugs", ASPLOS 2010.
/// </remarks>
/// <param name="seed">For priorities and moments.</param>
/// <param name="depth">One more than there are moments at which a task sinks.</param>
/// <param name="patience">One in so many yields has a task sink: with one each does; with more, one that takes many steps overtakes the others for longer.</param>
/// <param name="length">How many turns with a choice a run has, as was measured.</param>
internal sealed class PriorityStrategy(ulong seed, int depth, int patience, int length) : Strategy
{
    private readonly int[] _changes = new int[depth - 1];
    private readonly FaultDice _faults = new();
    private SplitMix _random;
    private SplitMix _chance;
    private int _lowest;
    private int _turns;

    internal override void Begin(SimulationRun run)
    {
        _random = new SplitMix(seed);
        _chance = new SplitMix(~seed);
        _faults.Begin(ref _chance);
        _lowest = 0;
        _turns = 0;
        for (var i = 0; i < _changes.Length; i++)
        {
            _changes[i] = 1 + _random.Below(Math.Max(1, length));
        }
    }

    internal override void OnSeen(SimulatedTask task) => task.Priority = 1 + _random.Below(int.MaxValue - 1);

    internal override void OnYielded(SimulatedTask task)
    {
        if (_random.Below(patience) == 0)
        {
            task.Priority = --_lowest;
        }
    }

    internal override int ChooseTurn(ReadyTasks ready)
    {
        _turns++;
        var best = Highest(ready);
        if (Array.IndexOf(_changes, _turns) >= 0)
        {
            ready[best].Priority = --_lowest;
            best = Highest(ready);
        }

        return best;
    }

    internal override int Choose(Choice choice, int options) => _faults.Choose(choice, options, ref _chance);

    public override string ToString() => $"priorities with {depth - 1} change{(depth == 2 ? "" : "s")}";

    private static int Highest(ReadyTasks ready)
    {
        var best = 0;
        for (var i = 1; i < ready.Count; i++)
        {
            if (ready[i].Priority > ready[best].Priority)
            {
                best = i;
            }
        }

        return best;
    }
}
