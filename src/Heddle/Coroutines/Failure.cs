using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;

namespace Heddle;

/// <summary>What something failed with: an exception that is on its way out of one stack, or one that was captured when it happened.</summary>
internal readonly struct Failure
{
    private readonly object _source;

    private Failure(object source) => _source = source;

    internal Exception Exception => (_source as CapturedFailure)?.Exception ?? (Exception)_source;

    public static implicit operator Failure(Exception exception) => new(exception);

    public static implicit operator Failure(CapturedFailure captured) => new(captured);

    internal CapturedFailure Capture() => _source as CapturedFailure ?? new CapturedFailure((Exception)_source);

    /// <summary>What the frame that awaits has to throw; null if it is not known. It throws that itself, as each method between would stand in the trace.</summary>
    internal ExceptionDispatchInfo ThrownInto(Frame? awaiting)
        => _source is CapturedFailure captured ? captured.ThrownInto(awaiting) : Unwinding.ThrownInto((Exception)_source, awaiting);
}

/// <summary>A failure as it was when it happened, for whoever may look at it more than once: each look throws that, and adds nothing to it.</summary>
internal sealed class CapturedFailure
{
    private readonly ExceptionDispatchInfo _trace;
    private readonly int _levels;
    private readonly ExceptionDispatchInfo? _innermost;

    internal CapturedFailure(Exception exception)
    {
        _trace = ExceptionDispatchInfo.Capture(exception);
        (_levels, _innermost) = Unwinding.ProgressOf(exception);
    }

    internal Exception Exception => _trace.SourceException;

    internal ExceptionDispatchInfo Trace => _trace;

    internal ExceptionDispatchInfo ThrownInto(Frame? awaiting) => Unwinding.ThrownFrom(_trace, _levels, _innermost, awaiting);

    [StackTraceHidden]
    internal void Throw() => ThrownInto(null).Throw();
}

/// <summary>A failure on its way out, from one body to the one that awaits it.</summary>
/// <remarks>
/// To throw an exception anew copies its whole trace, so that a failure that leaves a recursion of n levels would take time and memory in n²: seconds
/// and gigabytes for ten thousand levels, in which the loop does nothing else. So a trace that has become too long loses its middle: it goes on from
/// the innermost levels, and the next ones to be added are the outer ones. See docs/decisions/0016.
/// </remarks>
internal static class Unwinding
{
    /// <summary>How many levels are kept of the innermost; and of the outermost at most.</summary>
    private const int KeptLevels = 256;

    /// <summary>Beside the exceptions, so that whatever else fails while one is on its way disturbs no count.</summary>
    private static readonly ConditionalWeakTable<Exception, Progress> s_progress = [];

    internal static ExceptionDispatchInfo ThrownInto(Exception failure, Frame? awaiting)
    {
        var progress = s_progress.GetOrCreateValue(failure);
        return progress.CountLevel(awaiting) ? progress.Innermost ??= ExceptionDispatchInfo.Capture(failure) : ExceptionDispatchInfo.Capture(failure);
    }

    /// <summary>The same of a trace that was captured before, which had come so far then.</summary>
    internal static ExceptionDispatchInfo ThrownFrom(ExceptionDispatchInfo trace, int levels, ExceptionDispatchInfo? innermost, Frame? awaiting)
    {
        var progress = s_progress.GetOrCreateValue(trace.SourceException);
        progress.Levels = levels;
        progress.Innermost = innermost;
        return progress.CountLevel(awaiting) ? progress.Innermost ??= trace : trace;
    }

    /// <summary>A body has failed: what was not thrown into it began there, even if the same exception was on its way elsewhere before.</summary>
    internal static void Note(Exception failure, Frame body)
    {
        if (s_progress.TryGetValue(failure, out var progress) && !progress.IsInto(body))
        {
            s_progress.Remove(failure);
        }
    }

    internal static (int Levels, ExceptionDispatchInfo? Innermost) ProgressOf(Exception failure)
        => s_progress.TryGetValue(failure, out var progress) ? (progress.Levels, progress.Innermost) : default;

    /// <summary>How far a failure has come.</summary>
    private sealed class Progress
    {
        private int _frame;
        private uint _version;

        internal int Levels { get; set; }

        /// <summary>The trace of the innermost levels, once there are more.</summary>
        internal ExceptionDispatchInfo? Innermost { get; set; }

        /// <summary>True if the trace has become too long.</summary>
        internal bool CountLevel(Frame? into)
        {
            // Not the frame itself: a failure may be kept for long.
            (_frame, _version) = into is null ? default : (RuntimeHelpers.GetHashCode(into), into.Version);
            return ++Levels % KeptLevels == 0;
        }

        internal bool IsInto(Frame body)
            => _frame == 0 || (_frame == RuntimeHelpers.GetHashCode(body) && _version == body.Version);
    }
}
