using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Heddle;

/// <summary>Waiting, under a lock, for a change that another task makes under the same lock. The counterpart of <c>asyncio.Condition</c>.</summary>
/// <remarks>
/// A wait gives the lock back and has it again when it ends, however it ends: notified or cancelled, it never leaves
/// without the lock. The way back to the lock is shielded, and what it throws then is the cancellation. Who was notified
/// stands in the lock's line at once, in the order of notification; from then on it cannot be cancelled, so a notification
/// is not lost: the wait returns, and the task meets the cancellation at its next suspension.
/// It serves the tasks of one loop, the first that waits for it.
/// </remarks>
/// <param name="gate">The lock. Several conditions can share one. Default: one of its own.</param>
[DebuggerDisplay("{ToString(),nq}")]
public sealed class AsyncCondition(AsyncLock? gate = null)
{
    private WaiterList<Releaser> _waiters;
    private WaitFrames<ConditionWait> _frames;

    /// <summary>The lock that every member but <see cref="LockAsync"/> and <see cref="TryLock"/> must be called under.</summary>
    public AsyncLock Lock { get; } = gate ?? new();

    /// <summary>Whether a task has the lock.</summary>
    public bool IsLocked => Lock.IsLocked;

    /// <summary>What it looks like now. Loop thread only, or while its loop is not running.</summary>
    public ConditionStatistics Statistics => new() { Waiters = _waiters.Count, Lock = Lock.Statistics };

    /// <inheritdoc cref="AsyncLock.LockAsync"/>
    public Coroutine<Releaser> LockAsync() => Lock.LockAsync();

    /// <inheritdoc cref="AsyncLock.TryLock"/>
    public bool TryLock(out Releaser releaser) => Lock.TryLock(out releaser);

    /// <inheritdoc cref="AsyncLock.Release"/>
    public void Release() => Lock.Release();

    /// <summary>Gives the lock back, waits to be notified, and takes the lock again.</summary>
    /// <remarks>Other tasks may have had the lock in between: mostly <see cref="WaitUntilAsync"/> is what you want.</remarks>
    /// <exception cref="InvalidOperationException">The task has not got the lock, or this is not the condition's loop.</exception>
    /// <exception cref="ScopeCanceledException">The scope is cancelled, before or while it waits. The task has the lock.</exception>
    public Coroutine WaitAsync() => (Coroutine)new Coroutine<Releaser>(_frames.TryRentUnchecked(Lock.Binding) ?? new ConditionWait(this));

    /// <summary>Waits until the predicate holds, which is looked at now and after each notification, always under the lock.</summary>
    /// <exception cref="InvalidOperationException">The task has not got the lock, or this is not the condition's loop.</exception>
    /// <exception cref="ScopeCanceledException">The scope is cancelled, before or while it waits. The task has the lock.</exception>
    public async Coroutine WaitUntilAsync(Func<bool> predicate)
    {
        ArgumentNullException.ThrowIfNull(predicate);
        LoopTask.CurrentOrThrow().ThrowIfCanceled();
        Lock.ThrowIfNotHeld("AsyncCondition.WaitUntilAsync");
        while (!predicate())
        {
            await WaitAsync();
        }
    }

    /// <summary>Has those who have waited longest wait for the lock instead.</summary>
    /// <param name="count">How many; if fewer wait, the rest of the notification is for nobody.</param>
    /// <exception cref="InvalidOperationException">The task has not got the lock, or this is not the condition's loop.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The count is negative.</exception>
    public void Notify(int count = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        Lock.ThrowIfNotHeld("AsyncCondition.Notify");
        for (; count > 0 && _waiters.TakeFirst() is { } waiter; count--)
        {
            Unsafe.As<ConditionWait>(waiter).OnNotified();
        }
    }

    /// <summary>Notifies all who wait.</summary>
    /// <exception cref="InvalidOperationException">The task has not got the lock, or this is not the condition's loop.</exception>
    public void NotifyAll() => Notify(int.MaxValue);

    /// <summary>How many wait, and the lock.</summary>
    public override string ToString() => $"AsyncCondition ({_waiters.Count} waiting, {Lock})";

    /// <summary>First it stands in the condition's line, having lent the lock out; then in the lock's.</summary>
    private sealed class ConditionWait(AsyncCondition owner) : AsyncLock.Lender(owner.Lock, "AsyncCondition.WaitAsync")
    {
        private bool _isNotified;
        private bool _isCanceled;

        internal override string Describe() => _isNotified || _isCanceled ? "the lock of a condition" : "a condition";

        internal void OnNotified()
        {
            _isNotified = true;
            if (TryGetBack())
            {
                Resume();
            }
        }

        protected override void OnReturned()
        {
            if (_isCanceled)
            {
                ResumeCanceled();
            }
            else
            {
                Resume();
            }
        }

        protected override bool CanGrant(LoopTask task) => false;

        protected override void Grant(LoopTask task) => throw new UnreachableException();

        protected override Exception? Refuse(LoopTask task) => Lock.RefuseUnlessHeld("AsyncCondition.WaitAsync");

        protected override void Enqueue(LoopTask task)
        {
            owner._waiters.Add(this);
            Lend();
        }

        protected override bool Abort()
        {
            if (_isNotified || _isCanceled)
            {
                return false;
            }

            owner._waiters.Remove(this);
            _isCanceled = true;
            return TryGetBack();
        }

        protected override void ReturnToPrimitive()
        {
            _isNotified = _isCanceled = false;
            owner._frames.Return(this);
        }
    }
}

/// <summary>An <see cref="AsyncCondition"/> at one moment.</summary>
public readonly record struct ConditionStatistics
{
    /// <summary>How many tasks wait to be notified.</summary>
    public int Waiters { get; init; }

    /// <summary>Its lock; those who were notified wait for that.</summary>
    public LockStatistics Lock { get; init; }
}
