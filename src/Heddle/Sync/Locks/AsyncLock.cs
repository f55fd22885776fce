using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Heddle;

/// <summary>Lets one task at a time into a part of the program that awaits. The counterpart of <c>asyncio.Lock</c>.</summary>
/// <remarks>
/// <c>using (await gate.LockAsync()) { … }</c>. Between two awaits no other task runs, so what does not await needs no lock.
/// Fair: it goes from its holder right to the one who has waited longest, and nobody passes those who wait.
/// It belongs to the task that took it, which must not take it again. A wait that is cancelled leaves the line; a task
/// that has been given the lock and is cancelled before it runs has the lock, and meets the cancellation at its next
/// suspension. It serves the tasks of one loop, the first that uses it.
/// </remarks>
[DebuggerDisplay("{ToString(),nq}")]
public sealed partial class AsyncLock
{
    private readonly LoopBinding _binding = new();
    private WaiterList<Releaser> _waiters;
    private WaitFrames<LockWait> _frames;

    /// <summary>Zero while it is free; else the number of this taking, which no other has.</summary>
    private long _ticket;

    private long _lastTicket;
    private long _holder;

    internal LoopBinding Binding => _binding;

    /// <summary>Whether a task has it. True for as long as anyone waits.</summary>
    public bool IsLocked => _ticket != 0;

    /// <summary>What it looks like now. Loop thread only, or while its loop is not running.</summary>
    public LockStatistics Statistics
        => new(IsLocked, IsLocked ? Holders.NameOf(_binding, _holder) : null, _waiters.Count);

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
        _binding.Verify("AsyncLock.TryLock");
        var task = LoopTask.CurrentOrThrow();
        if (IsLocked)
        {
            releaser = default;
            return false;
        }

        releaser = new(this, Take(task));
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
        => Statistics is { IsLocked: true } held
            ? $"AsyncLock (held by '{held.Holder}', {held.Waiters} waiting)"
            : "AsyncLock (free)";

    /// <summary>The error of a task that waits for what only it can give back; null for any other.</summary>
    private InvalidOperationException? RefuseReentry(LoopTask task) => IsLocked && _holder == task.Id
        ? new($"{task.Describe()} has this AsyncLock and waits for it, which would be for ever. Likely a method that takes the lock "
            + "calls another that takes it too. Take it once, in the outer one, and call a method that needs it taken.")
        : null;

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
        if (!IsLocked)
        {
            return new(
                $"{member} was called, but nobody has the lock. It was given back already, or never taken. "
                + "Prefer 'using (await gate.LockAsync())', which gives it back exactly once.");
        }

        return Holders.MayRelease(_binding, _holder)
            ? null
            : new(
                $"{member} was called by {LoopTask.Current?.Describe() ?? "no task"}, but task '{Holders.NameOf(_binding, _holder)}' has the lock. "
                + "A lock belongs to the task that took it: have that task give it back, or hand its Releaser over.");
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private long Take(LoopTask task)
    {
        _holder = task.Id;
        return _ticket = ++_lastTicket;
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
            _ticket = 0;
        }
    }

    private void GiveBack(long ticket)
    {
        _binding.Verify("AsyncLock.Releaser.Dispose");
        if (_ticket == ticket)
        {
            GiveBack();
        }
    }

    /// <summary>Gives the lock back when it is disposed of, once: copies and a second time do nothing. <c>default</c> does nothing.</summary>
    public readonly struct Releaser : IDisposable
    {
        private readonly AsyncLock? _lock;
        private readonly long _ticket;

        internal Releaser(AsyncLock taken, long ticket)
        {
            _lock = taken;
            _ticket = ticket;
        }

        /// <summary>Gives the lock back. Any task of the loop may do it.</summary>
        /// <exception cref="InvalidOperationException">This is not the thread of the lock's loop.</exception>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Dispose() => _lock?.GiveBack(_ticket);
    }
}
