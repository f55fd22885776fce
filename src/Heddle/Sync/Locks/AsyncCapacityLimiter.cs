using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Heddle;

/// <summary>A semaphore that knows which tasks hold its tokens, and whose size can be changed at any time. After Trio's <c>CapacityLimiter</c>.</summary>
/// <remarks>
/// A task holds one token at the most; so a token that is given back twice, or taken twice, is found out at once. To borrow on behalf of
/// something else take a <see cref="Releaser"/> and hand it over. What a child of a combinator took that has ended, and what was taken for foreign code,
/// any task may give back, as with <see cref="AsyncLock"/>. Fair, and for cancellation and loops as <see cref="AsyncSemaphore"/>.
/// </remarks>
[DebuggerDisplay("{ToString(),nq}")]
public sealed class AsyncCapacityLimiter : IReleasable
{
    private readonly Holders _borrowers = new();
    private readonly LoopBinding _binding = new();
    private WaiterList<Releaser> _waiters;
    private WaitFrames<TokenWait> _frames;
    private int _totalTokens;

    /// <exception cref="ArgumentOutOfRangeException">The number is negative.</exception>
    public AsyncCapacityLimiter(int totalTokens)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(totalTokens);
        _totalTokens = totalTokens;
    }

    /// <summary>How many tokens there are. More wake those who wait; fewer take nothing from those who have one.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Set to a negative number.</exception>
    /// <exception cref="InvalidOperationException">Set while this is not the limiter's loop.</exception>
    public int TotalTokens
    {
        get => _totalTokens;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            _binding.Verify("AsyncCapacityLimiter.TotalTokens");
            _totalTokens = value;
            HandOver();
        }
    }

    /// <summary>How many are held. More than <see cref="TotalTokens"/> for a while after that was lowered.</summary>
    public int BorrowedTokens => _borrowers.Count;

    /// <summary>How many are free. Zero for as long as anyone waits.</summary>
    public int AvailableTokens => Math.Max(0, _totalTokens - _borrowers.Count);

    /// <summary>Whether no token is free.</summary>
    public bool IsLocked => AvailableTokens == 0;

    /// <summary>What it looks like now. Loop thread only, or while its loop is not running.</summary>
    public CapacityLimiterStatistics Statistics => new()
    {
        TotalTokens = _totalTokens,
        BorrowedTokens = _borrowers.Count,
        Borrowers = [.. _borrowers.Tasks.Select(task => task.Name)],
        Waiters = _waiters.Count,
    };

    /// <summary>Borrows a token, when all who came before have had theirs; give it back with <see cref="Release"/>.</summary>
    /// <exception cref="InvalidOperationException">The task has a token already, or this is not the limiter's loop.</exception>
    /// <exception cref="ScopeCanceledException">The scope is cancelled, before or while it waits; no token was taken.</exception>
    public Coroutine AcquireAsync() => LockAsync();

    /// <summary>Borrows a token, when all who came before have had theirs.</summary>
    /// <returns>What gives the token back when it is disposed of; a second time does nothing.</returns>
    /// <inheritdoc cref="AcquireAsync"/>
    public Coroutine<Releaser> LockAsync() => new(_frames.TryRentUnchecked(_binding) ?? new TokenWait(this));

    /// <summary>Borrows a token if one is free; give it back with <see cref="Release"/>.</summary>
    /// <exception cref="InvalidOperationException">The task has a token already, or no task of the limiter's loop runs on this thread.</exception>
    public bool TryAcquire() => TryLock(out _);

    /// <summary>Borrows a token if one is free.</summary>
    /// <inheritdoc cref="TryAcquire"/>
    public bool TryLock(out Releaser releaser)
    {
        var task = _binding.Bind("AsyncCapacityLimiter.TryLock");
        if (!Flow.Current.IsPosted && RefuseSecondToken(task) is { } misuse)
        {
            throw misuse;
        }

        var isTaken = !IsLocked;
        releaser = isTaken ? new(this, _borrowers.Add(task, isOwn: false)) : default;
        return isTaken;
    }

    /// <summary>Gives the running task's token back: to the one who has waited longest, or for later.</summary>
    /// <exception cref="InvalidOperationException">The task has no token, or this is not the limiter's loop.</exception>
    public void Release()
    {
        _binding.Verify("AsyncCapacityLimiter.Release");
        if (!_borrowers.Remove(_borrowers.FindReleasable()))
        {
            throw new InvalidOperationException(
                $"AsyncCapacityLimiter.Release: {LoopTask.Current?.Describe() ?? "no task, which runs here,"} has no token of this limiter. It was given back already, "
                + "or another task took it: a token belongs to the task that acquired it. "
                + "Prefer 'using (await limiter.LockAsync())', which gives it back exactly once.");
        }

        HandOver();
    }

    /// <summary>How many are held and how many wait.</summary>
    public override string ToString() => $"AsyncCapacityLimiter ({BorrowedTokens} of {_totalTokens} borrowed, {_waiters.Count} waiting)";

    void IReleasable.GiveBack(long ticket)
    {
        _binding.Verify("Releaser.Dispose");
        if (_borrowers.Remove(ticket))
        {
            HandOver();
        }
    }

    private InvalidOperationException? RefuseSecondToken(LoopTask task) => _borrowers.Has(task)
        ? new($"{task.Describe()} has a token of this AsyncCapacityLimiter already, and waiting for a second one could be for ever. "
            + "Likely a method that takes a token calls another that takes one too. Take it once, in the outer one.")
        : null;

    private void HandOver()
    {
        while (!IsLocked && _waiters.TakeFirst() is { } next)
        {
            Unsafe.As<TokenWait>(next).OnHandedOver();
        }
    }

    private sealed class TokenWait(AsyncCapacityLimiter limiter) : SyncWait<Releaser>(limiter._binding, "AsyncCapacityLimiter.AcquireAsync")
    {
        internal override string Describe() => "a token of a capacity limiter";

        internal void OnHandedOver()
        {
            Grant(WaitingTask);
            Resume();
        }

        internal override bool CanCompleteNow()
        {
            Status = FrameStatus.Cold;
            return false;
        }

        protected override bool CanGrant(LoopTask task) => !limiter.IsLocked && !limiter._borrowers.Has(task);

        protected override void Grant(LoopTask task) => Value = new(limiter, limiter._borrowers.Add(task, IsTakenByTask));

        protected override Exception? Refuse(LoopTask task) => limiter.RefuseSecondToken(task);

        protected override void Enqueue(LoopTask task) => limiter._waiters.Add(this);

        protected override bool Abort()
        {
            limiter._waiters.Remove(this);
            return true;
        }

        protected override void ReturnToPrimitive() => limiter._frames.Return(this);
    }
}

/// <summary>An <see cref="AsyncCapacityLimiter"/> at one moment.</summary>
public readonly record struct CapacityLimiterStatistics
{
    /// <summary>How many tokens there are.</summary>
    public int TotalTokens { get; init; }

    /// <summary>How many are held.</summary>
    public int BorrowedTokens { get; init; }

    /// <summary>The names of the tasks that hold them.</summary>
    public IReadOnlyList<string> Borrowers { get => field ?? []; init; }

    /// <summary>How many tasks wait for one.</summary>
    public int Waiters { get; init; }
}
