using System.ComponentModel;

namespace Heddle;

/// <content>Blocking the loop's thread.</content>
public partial class LoopTask
{
    private const int WaitTimedOut = 258;

    /// <summary>
    /// Called by the runtime for every blocking wait of this task's code, contended locks included. Waits, and throws
    /// only when it is certain that the loop is kept from its own work: that the wait goes on, past a grace, while
    /// something is ready to run.
    /// </summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public override int Wait(IntPtr[] waitHandles, bool waitAll, int millisecondsTimeout)
    {
        var slice = Loop.BlockingGraceMilliseconds;
        var left = millisecondsTimeout;
        while (left == Timeout.Infinite || left > slice)
        {
            var result = WaitHelper(waitHandles, waitAll, slice);
            if (result != WaitTimedOut)
            {
                return result;
            }

            if (Loop.HasReadyWork)
            {
                throw LoopBlocked();
            }

            left = left == Timeout.Infinite ? left : left - slice;
        }

        return WaitHelper(waitHandles, waitAll, left);
    }

    private InvalidOperationException LoopBlocked() => new(
        $"{LoopReports.Capital(this)} blocks the thread of the loop '{Loop.Name}' (Task.Wait, .Result, a lock or another synchronous "
        + "wait), while the loop has work that only this thread can do: what is waited for may depend on it. "
        + "Use 'await' instead of the blocking wait.");
}
