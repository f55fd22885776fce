using Heddle.LowLevel;

namespace Heddle.Testing;

/// <summary>How a run in virtual time behaves: the options of its loop, and those of time.</summary>
/// <remarks>The clock and the poller are virtual time's own, and it takes no signals.</remarks>
public sealed record VirtualTimeOptions : EventLoopOptions
{
    /// <summary>The loop is called "virtual time", and blocking it on a task throws.</summary>
    public VirtualTimeOptions()
    {
        Name = "virtual time";
        ThrowIfBlocked = true;
    }

    /// <summary>
    /// How long, in real time, the clock waits before it jumps while something that is not the loop's may end a wait. Default: 20 ms.
    /// With <see cref="Timeout.InfiniteTimeSpan"/> it does not jump then.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative.</exception>
    public TimeSpan IdleGrace
    {
        get;
        init => field = value >= TimeSpan.Zero || value == Timeout.InfiniteTimeSpan
            ? value
            : throw new ArgumentOutOfRangeException(nameof(IdleGrace), value, "A grace must not be negative; only Timeout.InfiniteTimeSpan is, for 'never jump'.");
    } = TimeSpan.FromMilliseconds(20);

    /// <summary>Whether a run fails instead of jumping while something that is not the loop's may end a wait. Default: false.</summary>
    public bool Strict { get; init; }

    /// <summary>What <see cref="TimeProvider.GetUtcNow"/> says at the start. Default: 2000-01-01.</summary>
    public DateTimeOffset Start { get; init; } = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Makes the sockets, such as <see cref="Pollers.Sockets"/>. Default: <see cref="Pollers.Default"/>.</summary>
    public Func<EventLoop, INetworkPoller>? Network { get; init; }

    /// <exception cref="ArgumentException">A clock or a poller was given.</exception>
    internal EventLoopOptions ForLoop(OtherThreads others)
    {
        if (Clock != TimeProvider.System || Poller is not null)
        {
            throw new ArgumentException(
                "Virtual time has a clock of its own, and its poller moves it. For another start of the clock set Start, for other sockets set Network.", "options");
        }

        var clock = new VirtualClock(Start);
        return this with { Clock = clock, Poller = loop => new VirtualPoller(loop, clock, others, this), HandleSignals = false };
    }
}
