using System.Runtime.CompilerServices;

namespace Heddle;

/// <summary>The free waits of one primitive.</summary>
/// <remarks>
/// They belong to their primitive for good, so that renting and returning one writes no reference. One is kept at hand,
/// which is all that a primitive needs on which nobody has to wait; the pool for more is made when there are more.
/// </remarks>
internal struct WaitFrames<TWait>
    where TWait : Frame
{
    private TWait? _atHand;
    private FramePool? _others;

    /// <summary>A free wait, ready to be awaited; null if there is none, or if this is another thread than the loop's.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal TWait? TryRent(LoopBinding binding)
    {
        if (!binding.IsCurrent)
        {
            return null;
        }

        if (_atHand is { Status: FrameStatus.Pooled } atHand)
        {
            atHand.Status = FrameStatus.Prompt;
            return atHand;
        }

        return TryRentOther();
    }

    /// <summary>Loop thread only.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Return(TWait wait)
    {
        if (ReferenceEquals(wait, _atHand))
        {
            wait.Status = FrameStatus.Pooled;
        }
        else
        {
            Keep(wait);
        }
    }

    private readonly TWait? TryRentOther()
    {
        var wait = _others?.TryRent<TWait>();
        if (wait is not null)
        {
            wait.Status = FrameStatus.Prompt;
        }

        return wait;
    }

    private void Keep(TWait wait)
    {
        if (_atHand is null)
        {
            _atHand = wait;
            wait.Status = FrameStatus.Pooled;
        }
        else
        {
            (_others ??= new FramePool()).Return(wait);
        }
    }
}
