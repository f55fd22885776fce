namespace Heddle.LowLevel;

/// <summary>What a loop has to do and waits for: for pollers that move a clock, and for tests.</summary>
public static class LoopWork
{
    extension(EventLoop loop)
    {
        /// <summary>Whether something could run now, if only the thread were free: a task, a callback, or a timer that is due. Loop thread only.</summary>
        /// <exception cref="InvalidOperationException">This is not the loop's thread.</exception>
        public bool HasReadyWork
        {
            get
            {
                loop.VerifyThread("HasReadyWork");
                return loop.HasReadyWork;
            }
        }

        /// <summary>When the first timer is due, in the time of <see cref="EventLoop.Now"/>, to the millisecond; null when none is set. Loop thread only.</summary>
        /// <exception cref="InvalidOperationException">This is not the loop's thread.</exception>
        public TimeSpan? NextTimer
        {
            get
            {
                loop.VerifyThread("NextTimer");
                return loop.Timers.FirstDue() is { } due ? new TimeSpan(due) : null;
            }
        }

        /// <summary>How many waits for something that this loop knows nothing about are under way. Any thread; exact on the loop's.</summary>
        public int ForeignWaits => loop.ForeignWaits;

        /// <summary>How many of the foreign waits are more than the set timers of <see cref="EventLoop.Clock"/>, each of which may end one.</summary>
        /// <remarks>What they wait for comes from other threads, from other tasks of the loop, or never. Any thread; exact on the loop's.</remarks>
        public int WaitsForOthers => Math.Max(0, loop.ForeignWaits - loop.ClockTimers);
    }
}
