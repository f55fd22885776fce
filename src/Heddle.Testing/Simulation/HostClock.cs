namespace Heddle.Testing;

/// <summary>How the date and the time of day of a host differ from those of the run, whose clock they are otherwise.</summary>
internal sealed class HostClock(SimulationRun run, string host)
{
    private const int Million = 1_000_000;

    /// <summary>In parts per million: what a bad oscillator does, and one that is broken.</summary>
    private static readonly int[] s_drifts = [-200, 200, -10_000, 10_000];

    private readonly Choice _choice = new("clock-drift", () => host, SimulationFaults.ClockDrift);
    private bool _isChosen;
    private long _since;
    private long _settled;

    /// <summary>In parts per million.</summary>
    internal int Drift
    {
        get;
        set
        {
            _settled = Ticks;
            _since = run.Clock.Elapsed;
            field = value;
        }
    }

    /// <summary>How far it is before the run's now; behind it if negative.</summary>
    internal TimeSpan Offset
    {
        get
        {
            if (!_isChosen && (run.Faults & SimulationFaults.ClockDrift) != 0)
            {
                _isChosen = true;
                if (run.Oracle.Decide(_choice, 1 + s_drifts.Length) is var drift && drift != 0)
                {
                    Drift = s_drifts[drift - 1];
                }
            }

            return new(Ticks);
        }
    }

    private long Ticks => _settled + (long)((Int128)(run.Clock.Elapsed - _since) * Drift / Million);
}
