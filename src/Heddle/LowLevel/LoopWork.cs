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

        /// <summary>
        /// How many of the foreign waits are for an HTTP exchange over connections of <see cref="EventLoop.Network"/>, without TLS. After
        /// <see cref="INetworkPoller.AwaitHttp"/> each of them waits for the network, or for what has just arrived. Any thread; exact on the loop's.
        /// </summary>
        public int HttpWaits => loop.HttpWaits;

        /// <summary>
        /// Has what the threads of HTTP exchanges have handed in taken in by the numbers of the exchanges, and not in the order of its coming. For simulations, while
        /// those threads rest: see <see cref="INetworkPoller.AwaitHttp"/>. Loop thread only.
        /// </summary>
        /// <returns>Whether something has come that is of no exchange, from whichever thread.</returns>
        /// <exception cref="InvalidOperationException">This is not the loop's thread.</exception>
        public bool OrderArrivals()
        {
            loop.VerifyThread("OrderArrivals");
            return loop.OrderArrivals();
        }

        /// <summary>Ends tasks where they stand, as a crash of the machine would that they ran on: none of their code runs any more, no <c>finally</c> block either.</summary>
        /// <remarks>
        /// The tasks of their groups end with them. They leave the lines that they stand in, and nobody waits for them any more: an await of one throws
        /// <see cref="LoopTaskCanceledException"/>. What they hold, such as a lock or a socket, is left as it is. For simulations: only on a loop that has a
        /// <see cref="EventLoopOptions.ReadyQueue"/>, which must let go of those that it has. Loop thread only, between steps.
        /// </remarks>
        /// <param name="tasks">Tasks of this loop. Those that have ended are left alone.</param>
        /// <param name="reason">What happened, in words.</param>
        /// <exception cref="InvalidOperationException">This is not the loop's thread, a task's step runs, or the loop has no ready queue of its own.</exception>
        public void Drop(IEnumerable<LoopTask> tasks, string reason)
        {
            ArgumentNullException.ThrowIfNull(tasks);
            loop.VerifyThread("Drop");
            loop.VerifyMayDrop();
            LoopTask.Drop(tasks, reason);
        }
    }
}
