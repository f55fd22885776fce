using System.Runtime.CompilerServices;

namespace Heddle;

/// <summary>Free frames of one type on one thread, last in first out; no interlocked operation is needed.</summary>
/// <remarks>A frame that is out is not held, so that one which never comes back, or was forgotten, is collected like anything else.</remarks>
internal sealed class FramePool
{
    /// <summary>Enough for bursts of children; beyond it frames go to the garbage collector, so that a peak is not kept for ever.</summary>
    private const int Capacity = 1024;

    private Slot[] _frames = new Slot[16];
    private int _count;

    /// <summary>A frame that was returned to this pool, or null.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal TFrame? TryRent<TFrame>() where TFrame : Frame
    {
        var frames = _frames;
        var top = _count - 1;
        if ((uint)top >= (uint)frames.Length)
        {
            return null;
        }

        _count = top;
        ref var slot = ref frames[top];
        var frame = slot.Frame;
        slot.Frame = null;
        return Unsafe.As<TFrame?>(frame);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Return(Frame frame)
    {
        frame.Status = FrameStatus.Pooled;
        frame.Parent = null;
        var frames = _frames;
        var count = _count;
        if ((uint)count >= (uint)frames.Length)
        {
            if (!TryGrow())
            {
                return;
            }

            frames = _frames;
        }

        frames[count].Frame = frame;
        _count = count + 1;
    }

    private bool TryGrow()
    {
        if (_frames.Length == Capacity)
        {
            return false;
        }

        Array.Resize(ref _frames, _frames.Length * 2);
        return true;
    }

    /// <summary>An array of structs needs no check of the element's type when it is written.</summary>
    private struct Slot
    {
        internal Frame? Frame;
    }
}
