namespace Heddle.Testing;

/// <summary>All orders with up to so many deviations from first come, first served: those with one first, then those with two.</summary>
/// <remarks>
/// Most bugs of concurrency need few: after Emmi, Qadeer and Rakamarić, "Delay-Bounded Scheduling", POPL 2011. To hold a task back counts as one deviation,
/// however many others go before it meanwhile.
/// </remarks>
internal sealed class FewDeviations
{
    private readonly int _most;
    private readonly List<Positions> _level = [];

    /// <param name="fifo">A run of first come, first served that has been made.</param>
    /// <param name="most">Up to how many.</param>
    internal FewDeviations(Positions fifo, int most)
    {
        _most = most;
        _level.Add(fifo);
    }

    /// <summary>With so many all orders were tried.</summary>
    internal int CompleteUpTo { get; private set; }

    /// <summary>How far it came with one more; null if there is no order left.</summary>
    internal string? Beyond { get; private set; }

    /// <summary>What to run, one after the other: each has to be run before the next is asked for.</summary>
    internal IEnumerable<Positions> Next()
    {
        for (var level = 1; level <= _most; level++)
        {
            var parents = _level.ToArray();
            _level.Clear();
            var all = parents.Sum(static parent => parent.Children.Sum(static child => (long)child.Options));
            var tried = 0L;
            foreach (var parent in parents)
            {
                foreach (var (position, options) in parent.Children)
                {
                    for (var option = 1; option <= options; option++)
                    {
                        Beyond = FormattableString.Invariant($"{tried:N0} of {all:N0} orders with {level}");
                        var child = new Positions([.. parent.Moves, (position, option)]);
                        yield return child;
                        tried++;
                        _level.Add(child);
                    }
                }
            }

            CompleteUpTo = level;
            Beyond = null;
            if (all == 0)
            {
                // None is left with more, either.
                CompleteUpTo = _most;
                yield break;
            }
        }
    }
}

/// <summary>First come, first served but for the choices at a few positions, which count the turns with a choice and the places where a fault may strike. It notes how many options there were.</summary>
internal sealed class Positions((int Position, int Option)[] moves) : Strategy
{
    private readonly List<ushort> _options = [];
    private int _next;

    internal (int Position, int Option)[] Moves => moves;

    /// <summary>Each position behind the last move, with how many options there are beside the first.</summary>
    internal IEnumerable<(int Position, int Options)> Children
    {
        get
        {
            for (var i = moves.Length == 0 ? 0 : moves[^1].Position + 1; i < _options.Count; i++)
            {
                yield return (i, _options[i]);
            }
        }
    }

    internal override void Begin(SimulationRun run)
    {
        _options.Clear();
        _next = 0;
    }

    internal override int ChooseTurn(ReadyTasks ready)
    {
        _options.Add((ushort)Math.Min(ready.Count, ushort.MaxValue));
        return _next < moves.Length && moves[_next].Position == _options.Count - 1 ? Math.Min(moves[_next++].Option, ready.Count) : 0;
    }

    internal override int Choose(Choice choice, int options)
    {
        if (choice.Fault == SimulationFaults.None)
        {
            return 0;
        }

        _options.Add((ushort)(options - 1));
        return _next < moves.Length && moves[_next].Position == _options.Count - 1 ? Math.Min(moves[_next++].Option, options - 1) : 0;
    }

    public override string ToString()
        => moves.Length == 0 ? Fifo.ToString()! : $"all orders with {moves.Length} deviation{(moves.Length == 1 ? "" : "s")}";
}
