using System.Numerics;

namespace Heddle.Testing;

/// <summary>Makes every choice of a run, and keeps account of them: nothing else in a simulation may decide anything.</summary>
/// <remarks>
/// What it decides comes from the <see cref="Strategy"/>. A hash over all that was decided, and of who had the turn and what time it was, tells
/// whether two runs were the same.
/// </remarks>
internal sealed class Oracle
{
    private readonly SimulationRun _run;
    private readonly int[] _struck = new int[32];
    private Strategy _strategy = Strategy.Fifo;
    private Turn[] _turns = new Turn[256];
    private ulong _drawsOfNobody;

    internal Oracle(SimulationRun run) => _run = run;

    internal ulong Hash { get; private set; }

    /// <summary>How often there was more than one option.</summary>
    internal int Decisions { get; private set; }

    /// <summary>How many steps of tasks there were.</summary>
    internal int Steps { get; private set; }

    /// <summary>Of each step: the number of the task that had the turn, and the hash by then.</summary>
    internal ReadOnlySpan<Turn> Turns => _turns.AsSpan(0, Steps);

    /// <summary>Of random numbers: what they are worked out from.</summary>
    internal ulong Seed { get; private set; }

    /// <summary>Whether the program has asked for one.</summary>
    internal bool HasDrawn { get; private set; }

    internal void Begin(Strategy strategy, ulong seed)
    {
        _strategy = strategy;
        Seed = seed;
        Hash = 14695981039346656037;
        Decisions = 0;
        Steps = 0;
        _drawsOfNobody = 0;
        HasDrawn = false;
        Array.Clear(_struck);
        strategy.Begin(_run);
    }

    /// <summary>How often each fault has struck, by the number of its bit.</summary>
    internal ReadOnlySpan<int> Struck => _struck;

    /// <summary>Chooses which of the ready tasks has the turn, of which there are several; their number is to hold the first one back.</summary>
    internal int DecideTurn(int options)
    {
        Decisions++;
        return Note(_strategy.ChooseTurn(_run.Ready), options);
    }

    /// <summary>Chooses one of the options; the first is what would be without a simulation.</summary>
    internal int Decide(Choice choice, int options)
    {
        Decisions++;
        choice.Times++;
        var value = Note(_strategy.Choose(choice, options), options);
        if (value != 0)
        {
            _run.Trace?.OnDecided(choice, value);
            if (choice.Fault != SimulationFaults.None)
            {
                _struck[BitOperations.Log2((uint)choice.Fault)]++;
            }
        }

        return value;
    }

    /// <summary>A random number for the task whose step it is. Each task has numbers of its own, so that one more draw elsewhere shifts none.</summary>
    internal ulong Draw(SimulatedTask? task)
    {
        var number = task is null ? SplitMix.Of(Seed) + ++_drawsOfNobody : SplitMix.Of(Seed ^ task.Branch) + ++task.Draws;
        number = SplitMix.Of(number);
        HasDrawn = true;
        Mix(number);
        return number;
    }

    internal void OnSeen(SimulatedTask task) => _strategy.OnSeen(task);

    internal void OnYielded(SimulatedTask task) => _strategy.OnYielded(task);

    internal void NoteTurn(SimulatedTask task)
    {
        if (Steps == _turns.Length)
        {
            Array.Resize(ref _turns, _turns.Length * 2);
        }

        Mix((uint)task.Ordinal);
        _turns[Steps++] = new(task.Ordinal, Hash);
    }

    internal void NoteTime(long ticks) => Mix((ulong)ticks);

    private int Note(int choice, int options)
    {
        Mix(((ulong)(uint)options << 32) | (uint)choice);
        return choice;
    }

    private void Mix(ulong value) => Hash = BitOperations.RotateLeft((Hash ^ value) * 0x9E3779B97F4A7C15, 29);

    internal readonly record struct Turn(int Task, ulong Hash);
}

/// <summary>Sebastiano Vigna's SplitMix64, so that a seed means the same with each version of .NET.</summary>
internal struct SplitMix(ulong state)
{
    private ulong _state = state;

    internal static ulong Of(ulong value)
    {
        value += 0x9E3779B97F4A7C15;
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }

    internal ulong Next()
    {
        var number = Of(_state);
        _state += 0x9E3779B97F4A7C15;
        return number;
    }

    /// <summary>Less than the bound, by Lemire's multiplication; its bias is far below what a search could notice.</summary>
    internal int Below(int bound) => (int)Math.BigMul(Next(), (ulong)bound, out _);
}
