using System.Runtime.CompilerServices;

namespace Heddle;

/// <summary>Free frames of one type on one thread, linked through <see cref="Frame.Parent"/>; no interlocked operation is needed.</summary>
internal sealed class FramePool
{
    /// <summary>Enough for bursts of children; beyond it frames go to the garbage collector, so that a peak is not kept for ever.</summary>
    private const int Capacity = 1024;

    private Frame? _head;
    private int _count;

    /// <summary>A frame that was returned by the same caller's type, or null.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal TFrame? TryRent<TFrame>() where TFrame : Frame
    {
        var frame = _head;
        if (frame is not null)
        {
            _head = frame.Parent;
            frame.Parent = null;
            _count--;
        }

        return Unsafe.As<TFrame?>(frame);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Return(Frame frame)
    {
        frame.Status = FrameStatus.Pooled;
        if (_count < Capacity)
        {
            frame.Parent = _head;
            _head = frame;
            _count++;
        }
        else
        {
            frame.Parent = null;
        }
    }
}
