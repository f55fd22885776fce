namespace Heddle.Testing;

/// <summary>Whether threads of the pool are at work of which nothing else is known.</summary>
/// <remarks>
/// Work that a thread of the pool has taken from the queue, and has not begun or has just ended, shows neither as queued nor, in
/// <see cref="OtherThreads"/>, as running. But the thread counts as one at work. So does the loop's own thread if
/// it is the pool's, and so do those that work for others, such as another test: whoever was waited for in vain is taken for one of these.
/// </remarks>
internal sealed class PoolWatch
{
    private int _ofOthers = Thread.CurrentThread.IsThreadPoolThread ? 1 : 0;

    internal bool IsQuiet => IsQuietBut(0);

    /// <param name="known">How many are known to be at work, and are no reason to wait.</param>
    internal bool IsQuietBut(int known)
    {
        var atWork = AtWork - known;
        _ofOthers = Math.Min(_ofOthers, Math.Max(0, atWork));
        return atWork <= _ofOthers;
    }

    /// <summary>Whether it has no work, queued or taken. What it is given shows at once, and until it has ended, in one of the two.</summary>
    internal bool IsAtRest => ThreadPool.PendingWorkItemCount == 0 && IsQuiet && ThreadPool.PendingWorkItemCount == 0;

    private static int AtWork
    {
        get
        {
            ThreadPool.GetMaxThreads(out var all, out _);
            ThreadPool.GetAvailableThreads(out var free, out _);
            return all - free;
        }
    }

    /// <summary>Those that are at work now work for others.</summary>
    /// <param name="known">How many are known to be at work, and are no reason to wait.</param>
    internal void GiveUp(int known = 0) => _ofOthers = Math.Max(0, AtWork - known);
}
