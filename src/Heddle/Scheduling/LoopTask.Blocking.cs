using System.ComponentModel;

namespace Heddle;

/// <content>Blocking the loop's thread.</content>
public partial class LoopTask
{
    private const int WaitTimedOut = 258;

    /// <summary>
    /// Called by the runtime for every blocking wait of this task's code, contended locks included. Waits, and once a grace is over and the
    /// loop has something else to do, reports it; a wait for a <see cref="System.Threading.Tasks.Task"/> throws then, if the options say so.
    /// </summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public override int Wait(IntPtr[] waitHandles, bool waitAll, int millisecondsTimeout)
    {
        var slice = BlockingWatch.GraceOf(Loop);
        var left = millisecondsTimeout;
        while (slice != Timeout.Infinite && (left == Timeout.Infinite || left > slice))
        {
            var result = WaitHelper(waitHandles, waitAll, slice);
            if (result != WaitTimedOut)
            {
                return result;
            }

            left = left == Timeout.Infinite ? left : left - slice;
            if (Loop.IsMissed)
            {
                BlockingWatch.OnBlocked(this);
                break;
            }
        }

        return WaitHelper(waitHandles, waitAll, left);
    }
}
