namespace Heddle.LowLevel;

/// <summary>Where a loop waits when nothing is ready, and looks for I/O when something is.</summary>
/// <remarks>
/// One that can do I/O is an <see cref="INetworkPoller"/> too; on another, sockets fail with an error that says so.
/// An exception out of <see cref="Wait"/> ends the run: everything is cancelled, and <see cref="EventLoop.Run(Coroutine, EventLoopOptions?)"/>
/// throws it when all has ended, or at once if nothing can end any more.
/// </remarks>
public interface IPoller : IDisposable
{
    /// <summary>Waits until the time is over, I/O has completed, or <see cref="Wake"/> was called since the last wait. Loop thread only.</summary>
    /// <param name="timeout">
    /// In real time, and not negative; <see cref="Timeout.InfiniteTimeSpan"/> when no timer is set, or when the loop's clock is not the system's, which
    /// wakes it by its own timers (a poller that moves the clock finds the next one in <see cref="LoopWork"/>); zero to look without waiting, which only
    /// an <see cref="INetworkPoller"/> is asked to.
    /// </param>
    void Wait(TimeSpan timeout);

    /// <summary>Ends the current or the next wait. Any thread.</summary>
    void Wake();
}
