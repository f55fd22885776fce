using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Heddle;

/// <summary>A number of permits, each held by one task at a time. The counterpart of <c>asyncio.Semaphore</c> and <c>BoundedSemaphore</c>.</summary>
/// <remarks>
/// Fair: a permit that is given back goes right to the one who has waited longest, and nobody passes those who wait. A
/// permit belongs to no task in particular. A wait that is cancelled leaves the line; a task that has been given its permit
/// and is cancelled before it runs has the permit, and meets the cancellation at its next suspension. It serves the tasks
/// of one loop, the first that waits for it.
/// </remarks>
[DebuggerDisplay("{ToString(),nq}")]
public sealed class AsyncSemaphore : IReleasable
{
    private readonly HashSet<long> _tickets = [];
    private readonly LoopBinding _binding = new();
    private WaiterList<Releaser> _waiters;
    private WaitFrames<PermitWait> _frames;
    private long _lastTicket;

    /// <param name="initialCount">How many permits there are at the beginning.</param>
    /// <param name="maximumCount">How many there can be; to release one more is an error. Default: no bound.</param>
    /// <exception cref="ArgumentOutOfRangeException">The count is negative or above the maximum, or the maximum is not positive.</exception>
    public AsyncSemaphore(int initialCount, int maximumCount = int.MaxValue)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(initialCount);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maximumCount);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(initialCount, maximumCount);
        CurrentCount = initialCount;
        MaximumCount = maximumCount;
    }

    /// <summary>How many permits are free. Zero for as long as anyone waits.</summary>
    public int CurrentCount { get; private set; }

    /// <summary>How many permits there can be.</summary>
    public int MaximumCount { get; }

    /// <summary>Whether no permit is free.</summary>
    public bool IsLocked => CurrentCount == 0;

    /// <summary>What it looks like now. Loop thread only, or while its loop is not running.</summary>
    public SemaphoreStatistics Statistics => new() { CurrentCount = CurrentCount, MaximumCount = MaximumCount, Waiters = _waiters.Count };

    /// <summary>Takes a permit, when all who came before have had theirs; give it back with <see cref="Release"/>.</summary>
    /// <exception cref="InvalidOperationException">This is not the semaphore's loop.</exception>
    /// <exception cref="ScopeCanceledException">The scope is cancelled, before or while it waits; no permit was taken.</exception>
    public Coroutine AcquireAsync() => Rent(false);

    /// <summary>Takes a permit, when all who came before have had theirs.</summary>
    /// <returns>What gives the permit back when it is disposed of; a second time does nothing.</returns>
    /// <inheritdoc cref="AcquireAsync"/>
    public Coroutine<Releaser> LockAsync() => Rent(true);

    /// <summary>Takes a permit if one is free; give it back with <see cref="Release"/>.</summary>
    /// <exception cref="InvalidOperationException">This is not the semaphore's loop.</exception>
    public bool TryAcquire()
    {
        _binding.Verify("AsyncSemaphore.TryAcquire");
        if (CurrentCount == 0)
        {
            return false;
        }

        CurrentCount--;
        return true;
    }

    /// <summary>Takes a permit if one is free.</summary>
    /// <exception cref="InvalidOperationException">This is not the semaphore's loop.</exception>
    public bool TryLock(out Releaser releaser)
    {
        var isTaken = TryAcquire();
        releaser = isTaken ? MakeReleaser() : default;
        return isTaken;
    }

    /// <summary>Gives permits back, or adds new ones: to those who wait, in the order of their coming, and the rest for later.</summary>
    /// <exception cref="InvalidOperationException">There would be more than <see cref="MaximumCount"/>, or this is not the semaphore's loop.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The count is not positive.</exception>
    public void Release(int count = 1)
    {
        _binding.Verify("AsyncSemaphore.Release");
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        var waiters = count > MaximumCount - CurrentCount ? _waiters.Count : 0;
        if (count - waiters > MaximumCount - CurrentCount)
        {
            throw new InvalidOperationException(
                $"AsyncSemaphore.Release({count}) would make {(long)CurrentCount + count - waiters} permits of {MaximumCount} at the most. Likely one was given back twice. "
                + "Prefer 'using (await semaphore.LockAsync())', which gives it back exactly once.");
        }

        for (; count > 0 && _waiters.TakeFirst() is { } next; count--)
        {
            Unsafe.As<PermitWait>(next).OnHandedOver();
        }

        // One selection may have stood in the line twice, and left it as a whole.
        CurrentCount = Math.Min(CurrentCount + count, MaximumCount);
    }

    /// <summary>How many are free and how many wait.</summary>
    public override string ToString()
    {
        var free = MaximumCount == int.MaxValue ? $"{CurrentCount} free" : $"{CurrentCount} of {MaximumCount} free";
        return $"AsyncSemaphore ({free}, {_waiters.Count} waiting)";
    }

    private Coroutine<Releaser> Rent(bool makesReleaser)
    {
        var wait = _frames.TryRent(_binding) ?? new PermitWait(this);
        wait.MakesReleaser = makesReleaser;
        return new(wait);
    }

    private Releaser MakeReleaser()
    {
        _tickets.Add(++_lastTicket);
        return new(this, _lastTicket);
    }

    void IReleasable.GiveBack(long ticket)
    {
        _binding.Verify("Releaser.Dispose");
        if (_tickets.Remove(ticket))
        {
            Release();
        }
    }

    private sealed class PermitWait(AsyncSemaphore semaphore) : SyncWait<Releaser>(semaphore._binding, "AsyncSemaphore.AcquireAsync")
    {
        internal bool MakesReleaser { get; set; }

        internal override string Describe() => "a permit of a semaphore";

        /// <summary>The permit never was free in between.</summary>
        internal void OnHandedOver()
        {
            KeepReleaser();
            Resume();
        }

        protected override bool CanGrant(LoopTask task) => semaphore.CurrentCount > 0;

        protected override void Grant(LoopTask task)
        {
            semaphore.CurrentCount--;
            KeepReleaser();
        }

        protected override void Enqueue(LoopTask task) => semaphore._waiters.Add(this);

        protected override bool Abort()
        {
            semaphore._waiters.Remove(this);
            return true;
        }

        protected override void ReturnToPrimitive() => semaphore._frames.Return(this);

        private void KeepReleaser()
        {
            if (MakesReleaser)
            {
                Value = semaphore.MakeReleaser();
            }
        }
    }
}

/// <summary>An <see cref="AsyncSemaphore"/> at one moment.</summary>
public readonly record struct SemaphoreStatistics
{
    /// <summary>How many permits are free.</summary>
    public int CurrentCount { get; init; }

    /// <summary>How many there can be.</summary>
    public int MaximumCount { get; init; }

    /// <summary>How many tasks wait for one.</summary>
    public int Waiters { get; init; }
}
