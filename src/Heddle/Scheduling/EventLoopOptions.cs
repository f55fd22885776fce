using Heddle.LowLevel;

namespace Heddle;

/// <summary>What of an <see cref="EventLoop"/> can be replaced or set.</summary>
/// <remarks>Of spans, those that are negative are refused; <see cref="Timeout.InfiniteTimeSpan"/> stands for "never".</remarks>
public record EventLoopOptions
{
    /// <summary>The clock that the loop goes by. Default: <see cref="TimeProvider.System"/>.</summary>
    /// <remarks>
    /// Another one wakes the loop by its timers (<see cref="TimeProvider.CreateTimer"/>), so that a loop follows a clock that a test moves.
    /// What code on the loop asks for is <see cref="EventLoop.Clock"/>.
    /// </remarks>
    public TimeProvider Clock
    {
        get;
        init => field = value ?? throw new ArgumentNullException(nameof(Clock));
    } = TimeProvider.System;

    /// <summary>Makes what the loop waits with when nothing is ready. Default: it parks its thread.</summary>
    public Func<EventLoop, IPoller>? Poller { get; init; }

    /// <summary>Makes the order in which ready tasks run. Default: first come, first served.</summary>
    public Func<IReadyQueue>? ReadyQueue { get; init; }

    /// <summary>Starts the loop's child processes. Default: <see cref="ProcessStarters.Default"/>.</summary>
    public IProcessStarter? ProcessStarter { get; init; }

    /// <summary>Runs what the loop gives to threads (<c>Coroutine.ToThread</c>, <c>ThreadExecutor</c>). Default: threads.</summary>
    public IThreadRunner? ThreadRunner { get; init; }

    /// <summary>Is told what would otherwise be silent, on the loop's thread. Default: one line to standard error.</summary>
    public Action<LoopReport>? OnReport { get; init; }

    /// <summary>Whether Ctrl+C and SIGTERM cancel the main coroutine; a second one kills the process. Default: true.</summary>
    public bool HandleSignals { get; init; } = true;

    /// <summary>How long code on the loop's thread may block while the loop has something else to do, before that is reported. Default: one second, in real time.</summary>
    public TimeSpan BlockingGrace
    {
        get;
        init => field = Durations.Checked(value, nameof(BlockingGrace));
    } = TimeSpan.FromSeconds(1);

    /// <summary>Whether a wait for a <see cref="Task"/> that blocks the loop for longer than <see cref="BlockingGrace"/> throws, after the report. Default: false.</summary>
    /// <remarks>
    /// Such a wait (<c>Task.Wait()</c>, <c>.Result</c>, <c>GetAwaiter().GetResult()</c>) is mostly for what only the loop can bring, so that it would
    /// never end; but that is not certain. A <c>lock</c> never throws.
    /// </remarks>
    public bool ThrowIfBlocked { get; init; }

    /// <summary>How long the failure of a task of the loop's own may wait for someone to await it, before it is reported. Default: five seconds.</summary>
    /// <remarks>What is left at the end of the run is reported then.</remarks>
    public TimeSpan UnobservedGrace
    {
        get;
        init => field = Durations.Checked(value, nameof(UnobservedGrace));
    } = TimeSpan.FromSeconds(5);

    /// <summary>How long, at most, the loop looks for I/O again and again before it sleeps, where the last waits were that short.</summary>
    /// <remarks>Default: 80 µs. Zero has it always sleep at once, for programs that share their processors with others. On Linux only.</remarks>
    public TimeSpan MaxSpin
    {
        get;
        init => field = Durations.Checked(value, nameof(MaxSpin));
    } = TimeSpan.FromMicroseconds(80);

    /// <summary>The loop's name in reports.</summary>
    public string Name
    {
        get;
        init => field = value ?? throw new ArgumentNullException(nameof(Name));
    } = "loop";
}
