namespace Heddle.Testing;

/// <summary>Runs a program in virtual time: whenever all tasks wait for timers, the clock jumps to the next one.</summary>
/// <remarks>
/// So a program that sleeps for an hour is over at once, and the order of what happens is the same in each run.
/// <see cref="EventLoop.Clock"/> takes code that wants a <see cref="TimeProvider"/> along: <c>Task.Delay</c>, token sources and periodic timers.
/// What other threads do takes real time: while one of them may end a wait the clock waits for it, and jumps only after a grace in
/// which nothing happened.
/// A run in which nothing can ever wake again fails with <see cref="DeadlockException"/>.
/// </remarks>
public static class VirtualTime
{
    /// <summary>Runs the coroutine on a loop of its own on this thread, as <see cref="EventLoop.Run(Func{Coroutine}, EventLoopOptions?)"/> does.</summary>
    /// <exception cref="DeadlockException">Nothing can ever wake again.</exception>
    /// <exception cref="ForeignWaitException">In strict mode: only something foreign can go on.</exception>
    public static void Run(Func<Coroutine> main, VirtualTimeOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(main);
        var others = new OtherThreads();
        var loopOptions = (options ?? new()).ForLoop(others);
        others.Watch(() =>
        {
            EventLoop.Run(main, loopOptions);
            return true;
        });
    }

    /// <inheritdoc cref="Run(Func{Coroutine}, VirtualTimeOptions?)"/>
    public static T Run<T>(Func<Coroutine<T>> main, VirtualTimeOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(main);
        var others = new OtherThreads();
        var loopOptions = (options ?? new()).ForLoop(others);
        return others.Watch(() => EventLoop.Run(main, loopOptions));
    }
}
