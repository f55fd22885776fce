using Heddle.LowLevel;

namespace Heddle.Testing;

/// <summary>How a run in virtual time behaves.</summary>
public sealed class VirtualTimeOptions
{
    /// <summary>How long, in real time, the clock waits for an outstanding foreign await before it jumps all the same. Default: 20 ms.</summary>
    public TimeSpan IdleGrace { get; init; } = TimeSpan.FromMilliseconds(20);

    /// <summary>Whether a run fails instead of jumping while a foreign await is outstanding. Default: false.</summary>
    public bool Strict { get; init; }

    /// <summary>What <see cref="TimeProvider.GetUtcNow"/> says at the start. Default: 2000-01-01.</summary>
    public DateTimeOffset Start { get; init; } = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <inheritdoc cref="EventLoopOptions.OnReport"/>
    public Action<LoopReport>? OnReport { get; init; }

    /// <inheritdoc cref="EventLoopOptions.ReadyQueue"/>
    public Func<IReadyQueue>? ReadyQueue { get; init; }

    /// <summary>Makes the sockets, such as <see cref="Pollers.Sockets"/>. Default: <see cref="Pollers.Default"/>.</summary>
    public Func<EventLoop, INetworkPoller>? Network { get; init; }

    /// <inheritdoc cref="EventLoopOptions.ProcessStarter"/>
    public IProcessStarter? ProcessStarter { get; init; }

    /// <inheritdoc cref="EventLoopOptions.BlockingGrace"/>
    public TimeSpan BlockingGrace { get; init; } = TimeSpan.FromSeconds(1);
}
