using System.Runtime.CompilerServices;

namespace Heddle;

/// <summary>Free frames of one kind, last in first out; no interlocked operation is needed, as each pool belongs to one thread or one loop.</summary>
/// <remarks>
/// One is kept at hand, which is all that a chain of calls needs: the frame that comes back is the one that went out, so
/// renting and returning it write no reference; for the same reason it keeps its last <see cref="Frame.Parent"/>. The others keep nothing.
/// A frame that is out is not held, so that one which never comes back, or was forgotten, is collected like anything else. In debug
/// mode none is kept, and so none is used twice: one that is forgotten must be collected to be found.
/// </remarks>
internal struct FramePool
{
    /// <summary>Enough for bursts of children; beyond it frames go to the garbage collector, so that a peak is not kept for ever.</summary>
    private const int Capacity = 1024;

    private Frame? _atHand;
    private Slot[]? _others;
    private int _count;
    private bool _isAtHandFree;

    internal readonly bool IsAtHandFree => _isAtHandFree;

    /// <summary>A frame that was returned here, or null.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal TFrame? TryRent<TFrame>() where TFrame : Frame
        => _isAtHandFree ? RentAtHand<TFrame>() : Unsafe.As<TFrame?>(TryRentOther());

    /// <summary>The one at hand, which was free a moment ago. Two threads that race for it get the same, and no more goes wrong than that.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal TFrame? RentAtHand<TFrame>() where TFrame : Frame
    {
        _isAtHandFree = false;
        return Unsafe.As<TFrame?>(_atHand);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Return(Frame frame)
    {
        if (ReferenceEquals(frame, _atHand))
        {
            _isAtHandFree = true;
        }
        else
        {
            Keep(frame);
        }
    }

    private Frame? TryRentOther()
    {
        if (_count == 0)
        {
            return null;
        }

        ref var slot = ref _others![--_count];
        var frame = slot.Frame;
        slot.Frame = null;
        return frame;
    }

    private void Keep(Frame frame)
    {
        if (DebugMode.IsOn)
        {
            return;
        }

        if (_atHand is null)
        {
            _atHand = frame;
            _isAtHandFree = true;
            return;
        }

        frame.Parent = null;
        var others = _others ??= new Slot[16];
        if (_count == others.Length)
        {
            if (_count == Capacity)
            {
                return;
            }

            Array.Resize(ref _others, _count * 2);
        }

        _others[_count++].Frame = frame;
    }

    /// <summary>An array of structs needs no check of the element's type when it is written.</summary>
    private struct Slot
    {
        internal Frame? Frame;
    }
}

/// <summary>The pool of one kind of frames on one thread.</summary>
/// <param name="thread">Whose it is; null for that of something else, which looks after the thread itself.</param>
internal sealed class FreeFrames(PerThread? thread)
{
    private FramePool _pool;

    /// <summary>Those of a kind on this thread.</summary>
    /// <typeparam name="TKind">What makes the kind; see <see cref="FrameKind{T}"/>.</typeparam>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static FreeFrames Of<TKind>() => Of<TKind>(PerThread.This);

    /// <inheritdoc cref="Of{TKind}()"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static FreeFrames Of<TKind>(PerThread thread) => thread.FreeFramesOf(FrameKind<TKind>.Number);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool AreOf(PerThread owner) => ReferenceEquals(thread, owner);

    /// <inheritdoc cref="FramePool.TryRent"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal TFrame? TryRent<TFrame>() where TFrame : Frame => _pool.TryRent<TFrame>();

    /// <summary>Takes in a frame that has ended and was cleared.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Return(Frame frame)
    {
        frame.Status = FrameStatus.Pooled;
        _pool.Return(frame);
    }
}

/// <summary>Numbers the kinds of frames that threads keep free ones of.</summary>
/// <typeparam name="T">
/// What makes the kind: the state machine, or the frame's own type. A state machine is a struct, for which the JIT compiles
/// code of its own, in which the number is a constant.
/// </typeparam>
internal static class FrameKind<T>
{
    internal static readonly int Number = FrameKinds.Next();
}

internal static class FrameKinds
{
    private static int s_last = -1;

    internal static int Next() => Interlocked.Increment(ref s_last);
}
