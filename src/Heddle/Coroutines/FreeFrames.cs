using System.Runtime.CompilerServices;

namespace Heddle;

/// <summary>The free frames of one kind on one thread.</summary>
/// <remarks>
/// One is kept at hand, which is all that a chain of calls needs: the frame that comes back is the one that went out, so
/// renting and returning it write no reference.
/// </remarks>
internal sealed class FreeFrames
{
    private readonly PerThread? _thread;
    private Frame? _atHand;
    private FramePool? _others;
    private bool _isAtHandFree;

    /// <param name="thread">Whose they are; null for those of something else, which looks after the thread itself.</param>
    internal FreeFrames(PerThread? thread) => _thread = thread;

    /// <summary>Those of a kind on this thread.</summary>
    /// <typeparam name="TKind">What makes the kind; see <see cref="FrameKind{T}"/>.</typeparam>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static FreeFrames Of<TKind>() => Of<TKind>(PerThread.This);

    /// <inheritdoc cref="Of{TKind}()"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static FreeFrames Of<TKind>(PerThread thread) => thread.FreeFramesOf(FrameKind<TKind>.Number);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool AreOf(PerThread thread) => ReferenceEquals(_thread, thread);

    /// <summary>A frame that was returned here, or null.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal TFrame? TryRent<TFrame>() where TFrame : Frame
    {
        if (DebugMode.IsOn)
        {
            // None is used twice: one that is forgotten must be collected to be found, and what is kept here never is.
            return null;
        }

        if (!_isAtHandFree)
        {
            return _others?.TryRent<TFrame>();
        }

        _isAtHandFree = false;
        return Unsafe.As<TFrame?>(_atHand);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Return(Frame frame)
    {
        frame.Status = FrameStatus.Pooled;
        if (ReferenceEquals(frame, _atHand))
        {
            _isAtHandFree = true;
        }
        else
        {
            Keep(frame);
        }
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
        }
        else
        {
            (_others ??= new FramePool()).Return(frame);
        }
    }
}
