namespace Heddle.Testing;

/// <summary>Runs a program in virtual time: whenever all tasks wait for timers, the clock jumps to the next one.</summary>
/// <remarks>
/// So a program that sleeps for an hour is over at once, and the order of what happens is the same in each run.
/// What foreign code does (a <see cref="Task"/> that another thread completes) takes real time: while such an await is
/// outstanding the clock waits for it, and jumps only after a grace in which nothing happened.
/// A run in which nothing can ever wake again fails with <see cref="DeadlockException"/>.
/// </remarks>
public static class VirtualTime
{
    /// <summary>Runs the coroutine on a loop of its own on this thread, as <see cref="EventLoop.Run(Func{Coroutine}, EventLoopOptions?)"/> does.</summary>
    /// <exception cref="DeadlockException">Nothing can ever wake again.</exception>
    /// <exception cref="ForeignWaitException">In strict mode: only something foreign can go on.</exception>
    public static void Run(Func<Coroutine> main, VirtualTimeOptions? options = null)
        => EventLoop.Run(main, MakeLoopOptions(options ?? new()));

    /// <inheritdoc cref="Run(Func{Coroutine}, VirtualTimeOptions?)"/>
    public static T Run<T>(Func<Coroutine<T>> main, VirtualTimeOptions? options = null)
        => EventLoop.Run(main, MakeLoopOptions(options ?? new()));

    private static EventLoopOptions MakeLoopOptions(VirtualTimeOptions options)
    {
        var clock = new VirtualClock(options.Start);
        return new EventLoopOptions
        {
            Name = "virtual time",
            Clock = clock,
            Poller = loop => new VirtualPoller(loop, clock, options),
            ReadyQueue = options.ReadyQueue,
            ProcessStarter = options.ProcessStarter,
            OnReport = options.OnReport,
            BlockingGrace = options.BlockingGrace,
            HandleSignals = false,
        };
    }
}
