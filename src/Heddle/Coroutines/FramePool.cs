using System.Runtime.CompilerServices;

namespace Heddle;

/// <summary>Free frames of one type on one thread, last in first out; no interlocked operation is needed.</summary>
/// <remarks>
/// Renting leaves the slot as it is: in the steady state the same frame comes back to the same slot, and then neither
/// renting nor returning writes a reference, which would cost a write barrier each. For the same reason a free frame
/// keeps its last <see cref="Frame.Parent"/>.
/// </remarks>
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
        return Unsafe.As<TFrame?>(frames[top].Frame);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Return(Frame frame)
    {
        frame.Status = FrameStatus.Pooled;
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

        ref var slot = ref frames[count];
        if (!ReferenceEquals(slot.Frame, frame))
        {
            slot.Frame = frame;
        }

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
