namespace Heddle.Testing;

/// <summary>How long what is sent takes to arrive. In a simulation which of sixteen times it is each time is a choice of the run's; else it is the shortest.</summary>
public readonly record struct Latency
{
    internal const int Options = 16;

    private readonly double _curve;

    private Latency(TimeSpan least, TimeSpan most, double curve) => (Least, Most, _curve) = (least, most, curve);

    /// <summary>The shortest time.</summary>
    public TimeSpan Least { get; }

    /// <summary>The longest time.</summary>
    public TimeSpan Most { get; }

    /// <summary>The same time always.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative, which <see cref="Timeout.InfiniteTimeSpan"/> is as well.</exception>
    public static Latency Fixed(TimeSpan time) => Uniform(time, time);

    /// <summary>Each of the times between these two is as likely as another.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The shortest is negative, or longer than the longest.</exception>
    public static Latency Uniform(TimeSpan least, TimeSpan most) => Make(least, most, curve: 1);

    /// <summary>Short times mostly, and now and then one that is as long as the longest, as networks of many have it.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The shortest is negative, or longer than the longest.</exception>
    public static Latency HeavyTail(TimeSpan least, TimeSpan most) => Make(least, most, curve: 6);

    /// <param name="option">Which of the times, the shortest first.</param>
    internal TimeSpan At(int option) => Least + ((Most - Least) * Math.Pow(option / (Options - 1.0), _curve));

    private static Latency Make(TimeSpan least, TimeSpan most, double curve)
    {
        if (least < TimeSpan.Zero)
        {
            throw new ArgumentOutOfRangeException(nameof(least), least, "What is sent takes some time to arrive, or none; it must arrive.");
        }

        return most >= least ? new(least, most, curve)
            : throw new ArgumentOutOfRangeException(nameof(most), most, "The longest time must not be shorter than the shortest.");
    }
}
