using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Heddle;

/// <summary>Lets one task at a time into a part of the program that awaits. The counterpart of <c>asyncio.Lock</c>.</summary>
/// <remarks>
/// <c>using (await gate.LockAsync()) { … }</c>. Between two awaits no other task runs, so what does not await needs no lock.
/// Fair: it goes from its holder right to the one who has waited longest, and nobody passes those who wait.
/// It belongs to the task that took it, which must not take it again. A wait that is cancelled leaves the line; a task
/// that has been given the lock and is cancelled before it runs has the lock, and meets the cancellation at its next
/// suspension. It serves the tasks of one loop, the first that waits for it.
/// </remarks>
[DebuggerDisplay("{ToString(),nq}")]
public sealed class AsyncLock : IReleasable
{
    private readonly LoopBinding _binding = new();
    private WaiterList<Releaser> _waiters;
    private WaitFrames<LockWait> _frames;

    /// <summary>Null while it is free.</summary>
    private LoopTask? _holder;

    /// <summary>The number of this taking, which no other has; zero while it is free.</summary>
    private long _ticket;

    private long _lastTicket;

    /// <summary>Whether it is sure that the holder took it by itself: foreign code that it has called may have.</summary>
    private bool _isOwn;

    internal LoopBinding Binding => _binding;

    /// <summary>Whether a task has it. True for as long as anyone waits.</summary>
    public bool IsLocked => _holder is not null;

    /// <summary>What it looks like now. Loop thread only, or while its loop is not running.</summary>
    public LockStatistics Statistics => new() { IsLocked = IsLocked, Holder = _holder?.Name, Waiters = _waiters.Count };

    /// <summary>Takes the lock, when all who came before have had it.</summary>
    /// <returns>What gives the lock back when it is disposed of; a second time does nothing.</returns>
    /// <exception cref="InvalidOperationException">The task has the lock already, or this is not the lock's loop.</exception>
    /// <exception cref="ScopeCanceledException">The scope is cancelled, before or while it waits; the lock was not taken.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Coroutine<Releaser> LockAsync() => new(_frames.TryRentUnchecked(_binding) ?? new LockWait(this));

    /// <summary>Takes the lock if it is free.</summary>
    /// <exception cref="InvalidOperationException">No task of the lock's loop runs on this thread.</exception>
    public bool TryLock(out Releaser releaser)
    {
        var task = _binding.Bind("AsyncLock.TryLock");
        if (IsLocked)
        {
            releaser = default;
            return false;
        }

        releaser = Take(task, isOwn: false);
        return true;
    }

    /// <summary>Gives the lock back, for code that does not keep the releaser.</summary>
    /// <exception cref="InvalidOperationException">Nobody has the lock, another task has it, or this is not the lock's loop.</exception>
    public void Release()
    {
        ThrowIfNotHeld("AsyncLock.Release");
        GiveBack();
    }

    /// <summary>Who has it and how many wait.</summary>
    public override string ToString()
        => _holder is { } holder ? $"AsyncLock (held by '{holder.Name}', {_waiters.Count} waiting)" : "AsyncLock (free)";

    void IReleasable.GiveBack(long ticket) => GiveBack(ticket);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void GiveBack(long ticket)
    {
        _binding.Verify("Releaser.Dispose");
        if (_ticket == ticket)
        {
            GiveBack();
        }
    }

    /// <summary>For what must be called by the holder.</summary>
    internal void ThrowIfNotHeld(string member)
    {
        _binding.Verify(member);
        if (RefuseUnlessHeld(member) is { } misuse)
        {
            throw misuse;
        }
    }

    /// <summary>The error of who is not the holder; null for the holder.</summary>
    internal InvalidOperationException? RefuseUnlessHeld(string member)
    {
        if (_holder is not { } holder)
        {
            return new(
                $"{member} was called, but nobody has the lock. It was given back already, or never taken. "
                + "Prefer 'using (await gate.LockAsync())', which gives it back exactly once.");
        }

        return Ownership.MayRelease(holder)
            ? null
            : new(
                $"{member} was called by {LoopTask.Current?.Describe() ?? "no task"}, but task '{holder.Name}' has the lock. "
                + "A lock belongs to the task that took it: have that task give it back, or hand its Releaser over.");
    }

    /// <summary>The error of a task that waits for what only it can give back; null for any other.</summary>
    private InvalidOperationException? RefuseReentry(LoopTask task, Frame wait)
        => ReferenceEquals(_holder, task) && (_isOwn || Ownership.IsKeptAbove(wait, this, _ticket))
            ? new($"{task.Describe()} has this AsyncLock and waits for it, which would be for ever. Likely a method that takes the lock "
                + "calls another that takes it too. Take it once, in the outer one, and call a method that needs it taken.")
            : null;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Releaser Take(LoopTask task, bool isOwn)
    {
        _holder = task;
        _isOwn = isOwn;
        return new(this, _ticket = ++_lastTicket);
    }

    /// <summary>To the first who waits, or it becomes free.</summary>
    private void GiveBack()
    {
        if (_waiters.TakeFirst() is { } next)
        {
            Unsafe.As<LockWaiter>(next).OnHandedOver();
        }
        else
        {
            _holder = null;
            _ticket = 0;
        }
    }

    /// <summary>Stands in the lock's line.</summary>
    internal abstract class LockWaiter(AsyncLock owner, string member) : SyncWait<Releaser>(owner._binding, member)
    {
        protected AsyncLock Lock => owner;

        /// <summary>It is this one's turn, and it is out of the line: takes the lock and goes on.</summary>
        internal abstract void OnHandedOver();
    }

    private sealed class LockWait(AsyncLock owner) : LockWaiter(owner, "AsyncLock.LockAsync")
    {
        internal override string Describe() => Lock._holder is { } holder ? $"a lock that '{holder.Name}' has" : "a lock";

        internal override void OnHandedOver()
        {
            Grant(WaitingTask);
            Resume();
        }

        protected override bool CanGrant(LoopTask task) => Lock._holder is null;

        protected override void Grant(LoopTask task) => Value = Lock.Take(task, IsTakenByTask);

        protected override void GrantWithinAwait(LoopTask task) => Value = Lock.Take(task, isOwn: false);

        protected override Exception? Refuse(LoopTask task) => Lock.RefuseReentry(task, this);

        protected override void Enqueue(LoopTask task) => Lock._waiters.Add(this);

        protected override bool Abort()
        {
            Lock._waiters.Remove(this);
            return true;
        }

        protected override void ReturnToPrimitive() => Lock._frames.Return(this);
    }

    /// <summary>
    /// A holder that has lent the lock out, for the time of a condition's wait: in the end it stands in line again, and gets
    /// the lock back under the ticket that it had, so that its releaser stays good.
    /// </summary>
    internal abstract class Lender(AsyncLock owner, string member) : LockWaiter(owner, member)
    {
        private long _ticket;

        /// <summary>It waits for the lock in the end, which cannot be taken back.</summary>
        internal sealed override bool CanBeSelected => false;

        protected void Lend()
        {
            _ticket = Lock._ticket;
            Lock.GiveBack();
        }

        /// <summary>True if it has the lock back at once; else it stands in line, and <see cref="OnReturned"/> follows.</summary>
        protected bool TryGetBack()
        {
            if (Lock.IsLocked)
            {
                Lock._waiters.Add(this);
                return false;
            }

            TakeBack();
            return true;
        }

        internal sealed override void OnHandedOver()
        {
            TakeBack();
            OnReturned();
        }

        /// <summary>It has the lock again.</summary>
        protected abstract void OnReturned();

        private void TakeBack()
        {
            Lock._holder = WaitingTask;
            Lock._isOwn = true;
            Lock._ticket = _ticket;
        }
    }
}

/// <summary>An <see cref="AsyncLock"/> at one moment.</summary>
public readonly record struct LockStatistics
{
    /// <summary>Whether a task has it.</summary>
    public bool IsLocked { get; init; }

    /// <summary>The name of that task.</summary>
    public string? Holder { get; init; }

    /// <summary>How many tasks wait for it.</summary>
    public int Waiters { get; init; }
}
