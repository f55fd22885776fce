namespace Heddle.Testing;

/// <summary>How many runs a search makes, and what counts as a failure in them.</summary>
public sealed record SimulationOptions
{
    /// <summary>How many runs a search makes, at most. Default: 1,000.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is less than one.</exception>
    public int Runs
    {
        get;
        init => field = AtLeastOne(value, nameof(Runs));
    } = 1000;

    /// <summary>How long a search looks, at most, in real time; a run that has begun is ended. Default: 30 seconds.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative, and not <see cref="Timeout.InfiniteTimeSpan"/>.</exception>
    public TimeSpan Time
    {
        get;
        init => field = Span(value, nameof(Time));
    } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Up to how many deviations from first come, first served all orders are tried, before chance has its turn. Zero: none, only chance. Default: 2.
    /// </summary>
    /// <remarks>Half of <see cref="Runs"/> at the most goes into this; <see cref="SimulationSummary.CompleteUpTo"/> says how far it came.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">It is negative.</exception>
    public int Deviations
    {
        get;
        init => field = value >= 0 ? value : throw new ArgumentOutOfRangeException(nameof(Deviations), value, "A number of deviations must not be negative.");
    } = 2;

    /// <summary>Whether all runs go into the orders with a few deviations, and none into chance, so that a small program is searched exhaustively. Default: false.</summary>
    public bool Exhaustive { get; init; }

    /// <summary>The first of the seeds, which count up from it. Default: 1.</summary>
    public ulong FirstSeed { get; init; } = 1;

    /// <summary>How long, in real time, is looked for what can be left out of a failing run before it is shown. Default: two seconds.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative, and not <see cref="Timeout.InfiniteTimeSpan"/>.</exception>
    public TimeSpan ShrinkTime
    {
        get;
        init => field = Span(value, nameof(ShrinkTime));
    } = TimeSpan.FromSeconds(2);

    /// <summary>So many steps without an end, and without time passing, are a failure: a busy loop. Default: 100,000.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is less than one.</exception>
    public int StepsAtOnce
    {
        get;
        init => field = AtLeastOne(value, nameof(StepsAtOnce));
    } = 100_000;

    /// <summary>What <see cref="TimeProvider.GetUtcNow"/> says at the start of each run. Default: 2000-01-01.</summary>
    public DateTimeOffset Start { get; init; } = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Whether a timer may still be set when the program ends. Default: false, it is a failure.</summary>
    public bool AllowLeftoverTimers { get; init; }

    /// <summary>
    /// Whether other threads may take part: threads of the program, the pool, timers of .NET's, I/O. Default: false, a search is refused that meets one,
    /// since it cannot order what they do.
    /// </summary>
    /// <remarks>If they may, <see cref="SimulationSummary.FromOutside"/> says that they did. A run whose order of steps depends on them is refused all the same.</remarks>
    public bool AllowOutside { get; init; }

    /// <summary>Says of a report of the loop that it is no failure, such as a task that the program leaves over on purpose. Default: of none.</summary>
    public Func<LoopReport, bool> Tolerates
    {
        get;
        init => field = value ?? throw new ArgumentNullException(nameof(Tolerates));
    } = static _ => false;

    /// <summary>As of a loop: see <see cref="EventLoopOptions.BlockingGrace"/>. A wait for a task that blocks for longer fails. Default: one second.</summary>
    public TimeSpan BlockingGrace
    {
        get;
        init => field = Span(value, nameof(BlockingGrace));
    } = TimeSpan.FromSeconds(1);

    private static int AtLeastOne(int value, string name)
        => value >= 1 ? value : throw new ArgumentOutOfRangeException(name, value, "It must be at least one.");

    private static TimeSpan Span(TimeSpan value, string name)
        => value >= TimeSpan.Zero || value == Timeout.InfiniteTimeSpan
            ? value
            : throw new ArgumentOutOfRangeException(name, value, "A time must not be negative; only Timeout.InfiniteTimeSpan is, for 'without end'.");
}
