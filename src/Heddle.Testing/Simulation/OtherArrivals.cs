namespace Heddle.Testing;

/// <summary>First come, first served, but what comes by time or from outside may come sooner or later.</summary>
internal sealed class OtherArrivals(ulong seed) : Strategy
{
    private SplitMix _random;

    /// <summary>Whether anything has come by time or from outside while another task was ready.</summary>
    internal bool HadChoice { get; private set; }

    /// <summary>Whether first come, first served gives the run, if what arrives does so at other moments.</summary>
    internal static bool Give(Trace trace) => trace.Deviations.All(static deviation => deviation.IsByArrival);

    internal override void Begin(SimulationRun run) => _random = new SplitMix(SplitMix.Of(seed));

    internal override int ChooseTurn(ReadyTasks ready)
    {
        if (ready[0].HasArrived && _random.Below(4) == 0)
        {
            HadChoice = true;
            return ready.Count;
        }

        var overtakesArrivals = true;
        for (var i = 1; i < ready.Count; i++)
        {
            overtakesArrivals &= ready[i - 1].HasArrived;
            if (ready[i].HasArrived || overtakesArrivals)
            {
                HadChoice = true;
                if (_random.Below(3) == 0)
                {
                    return i;
                }
            }
        }

        return 0;
    }
}
