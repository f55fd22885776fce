namespace Heddle.Testing;

/// <summary>A choice that comes up again and again at one place, and is named by it and by the how-manieth time it is: so a recording finds it again.</summary>
/// <param name="what">What is chosen there, in a word.</param>
/// <param name="place">Where; made only when a run is traced.</param>
/// <param name="fault">What happens if it is chosen; none for what is no fault, such as how long something takes.</param>
internal sealed class Choice(string what, Func<string> place, SimulationFaults fault = SimulationFaults.None)
{
    internal SimulationFaults Fault => fault;

    /// <summary>How often it has come up in this run.</summary>
    internal int Times { get; set; }

    internal string Entry => $"{what}@{place()}#{Times}";

    /// <param name="value">What was chosen, other than what would be without a simulation.</param>
    internal string Describe(int value)
        => fault == SimulationFaults.None ? $"{what} of {place()}, the {Ordinal(Times)} time: choice {value}"
            : $"fault: {what} of {place()}, the {Ordinal(Times)} time that it could be{(value > 1 ? $" (choice {value})" : "")}";

    private static string Ordinal(int number) => (number % 100 is 11 or 12 or 13 ? 0 : number % 10) switch
    {
        1 => $"{number}st",
        2 => $"{number}nd",
        3 => $"{number}rd",
        _ => $"{number}th",
    };
}

/// <summary>Which faults strike in a run of chance: some kinds, each as often as the run's own die says, and those that do harm a few times only.</summary>
/// <remarks>
/// What is off in one run lets another show itself: after Groce, Zhang, Eide, Chen and Regehr, "Swarm Testing", ISSTA 2012. A limit lets programs that try again
/// come to their end.
/// </remarks>
internal sealed class FaultDice
{
    private const SimulationFaults Harmless = SimulationFaults.ShortRead | SimulationFaults.ShortWrite;

    /// <summary>For each kind: one in so many, and none if that is zero.</summary>
    private readonly int[] _rates = new int[32];

    private readonly int[] _left = new int[32];

    internal void Begin(ref SplitMix random)
    {
        for (var kind = 0; kind < _rates.Length; kind++)
        {
            _rates[kind] = random.Below(3) == 0 ? 0 : 2 << random.Below(6);
            _left[kind] = ((int)Harmless & (1 << kind)) != 0 ? int.MaxValue : 1 << random.Below(4);
        }
    }

    internal int Choose(Choice choice, int options, ref SplitMix random)
    {
        if (choice.Fault == SimulationFaults.None)
        {
            return random.Below(options);
        }

        var kind = System.Numerics.BitOperations.Log2((uint)choice.Fault);
        if (_rates[kind] == 0 || _left[kind] == 0 || random.Below(_rates[kind]) != 0)
        {
            return 0;
        }

        _left[kind]--;
        return 1 + random.Below(options - 1);
    }
}
