using Heddle.LowLevel;

namespace Heddle;

/// <summary>What of an <see cref="EventLoop"/> can be replaced or set.</summary>
public sealed class EventLoopOptions
{
    /// <summary>The loop's clock. Default: <see cref="TimeProvider.System"/>.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Makes what the loop waits with when nothing is ready. Default: it parks its thread.</summary>
    public Func<EventLoop, IPoller>? Poller { get; init; }

    /// <summary>Makes the order in which ready tasks run. Default: first come, first served.</summary>
    public Func<IReadyQueue>? ReadyQueue { get; init; }

    /// <summary>Starts the loop's child processes. Default: <see cref="ProcessStarters.Default"/>.</summary>
    public IProcessStarter? ProcessStarter { get; init; }

    /// <summary>Is told what would otherwise be silent, on the loop's thread. Default: one line to standard error.</summary>
    public Action<LoopReport>? OnReport { get; init; }

    /// <summary>Whether Ctrl+C and SIGTERM cancel the main coroutine; a second one kills the process. Default: true.</summary>
    public bool HandleSignals { get; init; } = true;

    /// <summary>How long code on the loop's thread may block while the loop has work to do, before that throws. Default: one second.</summary>
    public TimeSpan BlockingGrace { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long the failure of a task of the loop's own may wait for someone to await it, before it is reported. Default: five seconds.</summary>
    /// <remarks>What is left at the end of the run is reported then.</remarks>
    public TimeSpan UnobservedGrace { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long, at most, the loop looks for I/O again and again before it sleeps, where the last waits were that short.</summary>
    /// <remarks>Default: 80 µs. Zero has it always sleep at once, for programs that share their processors with others. On Linux only.</remarks>
    public TimeSpan MaxSpin { get; init; } = TimeSpan.FromMicroseconds(80);

    /// <summary>The loop's name in reports.</summary>
    public string Name { get; init; } = "loop";
}
