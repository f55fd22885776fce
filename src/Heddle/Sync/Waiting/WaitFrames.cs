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
    private bool _isAtHandOut;

    /// <summary>A free wait, ready to be awaited; null if there is none, or if this is another thread than the loop's.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal TWait? TryRent(LoopBinding binding) => binding.IsCurrent ? TryRent() : null;

    /// <summary>
    /// The same for a wait that takes no arguments. Calls that race on two threads may then get the same one, of which the
    /// frame's version lets one await succeed; so it needs no look at the thread, which costs as much as all the rest.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal TWait? TryRentUnchecked(LoopBinding binding)
    {
        if (_isAtHandOut)
        {
            return TryRent(binding);
        }

        _isAtHandOut = true;
        return _atHand;
    }

    /// <summary>Loop thread only.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Return(TWait wait)
    {
        if (ReferenceEquals(wait, _atHand))
        {
            wait.Status = FrameStatus.Prompt;
            _isAtHandOut = false;
        }
        else
        {
            Keep(wait);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private TWait? TryRent()
    {
        if (_isAtHandOut)
        {
            return TryRentOther();
        }

        _isAtHandOut = true;
        return _atHand;
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
        if (_atHand is null && !DebugMode.IsOn)
        {
            wait.Status = FrameStatus.Prompt;
            _atHand = wait;
            _isAtHandOut = false;
        }
        else
        {
            (_others ??= new FramePool()).Return(wait);
        }
    }
}
