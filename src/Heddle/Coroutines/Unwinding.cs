using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;

namespace Heddle;

/// <summary>A failure on its way out, from one body to the one that awaits it.</summary>
/// <remarks>
/// To throw an exception anew copies its whole trace, so that a failure that leaves a recursion of n levels would take time and memory in n²: seconds
/// and gigabytes for ten thousand levels, in which the loop does nothing else. So a trace that has become too long loses its middle: it goes on from
/// the innermost levels, and the next ones to be added are the outer ones.
/// </remarks>
internal static class Unwinding
{
    /// <summary>How many levels are kept of the innermost; and of the outermost at most.</summary>
    private const int KeptLevels = 256;

    private static readonly ConditionalWeakTable<Exception, ExceptionDispatchInfo> s_innermost = [];

    [ThreadStatic]
    private static Progress? t_progress;

    [StackTraceHidden]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void ThrowOn(Exception failure)
    {
        var levels = (t_progress ??= new()).CountLevel(failure);
        if (levels % KeptLevels == 0)
        {
            if (levels == KeptLevels)
            {
                s_innermost.AddOrUpdate(failure, ExceptionDispatchInfo.Capture(failure));
            }
            else if (s_innermost.TryGetValue(failure, out var innermost))
            {
                innermost.Throw();
            }
        }

        ExceptionDispatchInfo.Capture(failure).Throw();
    }

    /// <summary>How far the last failure has come on this thread. That of another in between begins anew, and costs at worst a longer trace.</summary>
    private sealed class Progress
    {
        private readonly WeakReference<Exception> _failure = new(null!);
        private int _levels;

        internal int CountLevel(Exception failure)
        {
            if (!_failure.TryGetTarget(out var last) || last != failure)
            {
                _failure.SetTarget(failure);
                _levels = 0;
            }

            return ++_levels;
        }
    }
}
