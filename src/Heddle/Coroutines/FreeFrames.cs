using System.Runtime.CompilerServices;

namespace Heddle;

/// <summary>The free frames of one kind on one thread.</summary>
/// <remarks>
/// One is kept at hand, which is all that a chain of calls needs: the frame that comes back is the one that went out, so
/// renting and returning it write no reference.
/// </remarks>
internal struct FreeFrames
{
    private Frame? _atHand;
    private FramePool? _others;
    private bool _isAtHandFree;

    /// <summary>Those of a kind on this thread.</summary>
    /// <typeparam name="TKind">What makes the kind; see <see cref="FrameKind{T}"/>.</typeparam>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static ref FreeFrames Of<TKind>() => ref Of<TKind>(PerThread.This);

    /// <inheritdoc cref="Of{TKind}()"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static ref FreeFrames Of<TKind>(PerThread thread) => ref thread.FreeFramesOf(FrameKind<TKind>.Number);

    /// <summary>A frame that was returned here, or null.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal TFrame? TryRent<TFrame>() where TFrame : Frame
    {
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
