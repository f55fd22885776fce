namespace Heddle.LowLevel;

/// <summary>Where a loop waits when nothing is ready.</summary>
/// <remarks>
/// An exception out of <see cref="Wait"/> ends the run: everything is cancelled, and <see cref="EventLoop.Run(Coroutine, EventLoopOptions?)"/>
/// throws it when all has ended, or at once if nothing can end any more.
/// </remarks>
public interface IPoller : IDisposable
{
    /// <summary>Waits until the time is over or <see cref="Wake"/> was called since the last wait. Loop thread only.</summary>
    /// <param name="timeout">Never zero or negative; <see cref="Timeout.InfiniteTimeSpan"/> when no timer is set.</param>
    void Wait(TimeSpan timeout);

    /// <summary>Ends the current or the next wait. Any thread.</summary>
    void Wake();
}
