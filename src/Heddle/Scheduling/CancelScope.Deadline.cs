namespace Heddle;

/// <content>Deadlines.</content>
public sealed partial class CancelScope
{
    private DeadlineTimer? _deadlineTimer;
    private TimeSpan? _deadline;

    /// <summary>Whether the deadline passed while the scope was open and not cancelled otherwise.</summary>
    internal bool HasExpired { get; private set; }

    /// <summary>When the scope cancels itself, in the time of <see cref="EventLoop.Now"/>; null for never. It can be moved.</summary>
    /// <remarks>Moving it after it has passed changes nothing: a cancelled scope stays cancelled.</remarks>
    /// <exception cref="InvalidOperationException">Set from another thread than the loop's.</exception>
    public TimeSpan? Deadline
    {
        get => _deadline;
        set
        {
            Loop.VerifyThread("CancelScope.Deadline");
            _deadline = value;
            _deadlineTimer?.Cancel();
            if (value is not { } when || IsCancelRequested || _hasExited)
            {
                return;
            }

            if (when <= Loop.Now)
            {
                Expire();
            }
            else
            {
                _deadlineTimer ??= new DeadlineTimer(this);
                Loop.Timers.Schedule(_deadlineTimer, when.Ticks);
            }
        }
    }

    /// <summary>Sets the deadline so far from now; <see cref="Timeout.InfiniteTimeSpan"/> takes it away.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The timeout is negative.</exception>
    public void ExpireAfter(TimeSpan timeout)
    {
        Durations.ThrowIfNegative(timeout, nameof(timeout));
        Deadline = timeout == Timeout.InfiniteTimeSpan ? null : Durations.After(Loop.Now, timeout);
    }

    private void Expire()
    {
        HasExpired = !IsCancelRequested;
        CancelCore("its deadline passed");
    }

    private sealed class DeadlineTimer(CancelScope scope) : TimerNode
    {
        internal void Cancel() => scope.Loop.Timers.Cancel(this);

        protected internal override void Fire() => scope.Expire();
    }
}
