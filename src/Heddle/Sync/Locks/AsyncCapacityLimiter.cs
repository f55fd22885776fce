using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Heddle;

/// <summary>A semaphore that knows who holds its tokens, and whose size can be changed at any time. After Trio's <c>CapacityLimiter</c>.</summary>
/// <remarks>
/// A borrower, which is the task unless another object is named, holds one token at the most; so a token that is given
/// back twice, or taken twice, is found out at once. Fair, and for cancellation and loops as <see cref="AsyncSemaphore"/>.
/// </remarks>
[DebuggerDisplay("{ToString(),nq}")]
public sealed partial class AsyncCapacityLimiter
{
    private readonly Dictionary<object, long> _borrowers = [];
    private readonly LoopBinding _binding = new();
    private WaiterList<Releaser> _waiters;
    private WaitFrames<TokenWait> _frames;
    private long _lastTicket;
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
    public CapacityLimiterStatistics Statistics => new(
        _totalTokens,
        _borrowers.Count,
        [.. _borrowers.Keys.Select(borrower => borrower is LoopTask task ? task.Name : borrower.ToString() ?? "")],
        _waiters.Count);

    /// <summary>Borrows a token, when all who came before have had theirs; give it back with <see cref="Release"/>.</summary>
    /// <param name="borrower">On whose behalf. Default: the task that awaits.</param>
    /// <exception cref="InvalidOperationException">The borrower has a token already, or this is not the limiter's loop.</exception>
    /// <exception cref="ScopeCanceledException">The scope is cancelled, before or while it waits; no token was taken.</exception>
    public Coroutine AcquireAsync(object? borrower = null) => Rent(borrower);

    /// <summary>Borrows a token, when all who came before have had theirs.</summary>
    /// <returns>What gives the token back when it is disposed of; a second time does nothing.</returns>
    /// <inheritdoc cref="AcquireAsync"/>
    public Coroutine<Releaser> LockAsync(object? borrower = null) => Rent(borrower);

    /// <summary>Borrows a token if one is free; give it back with <see cref="Release"/>.</summary>
    /// <inheritdoc cref="AcquireAsync" path="/param"/>
    /// <exception cref="InvalidOperationException">The borrower has a token already, or no task of the limiter's loop runs on this thread.</exception>
    public bool TryAcquire(object? borrower = null) => TryLock(out _, borrower);

    /// <summary>Borrows a token if one is free.</summary>
    /// <inheritdoc cref="TryAcquire"/>
    public bool TryLock(out Releaser releaser, object? borrower = null)
    {
        _binding.Verify("AsyncCapacityLimiter.TryLock");
        borrower ??= LoopTask.CurrentOrThrow();
        if (RefuseSecondToken(borrower) is { } misuse)
        {
            throw misuse;
        }

        var isTaken = !IsLocked;
        releaser = isTaken ? Borrow(borrower) : default;
        return isTaken;
    }

    /// <summary>Gives a borrower's token back: to the one who has waited longest, or for later.</summary>
    /// <param name="borrower">Whose. Default: that of the running task.</param>
    /// <exception cref="InvalidOperationException">The borrower has no token, or this is not the limiter's loop.</exception>
    public void Release(object? borrower = null)
    {
        _binding.Verify("AsyncCapacityLimiter.Release");
        borrower ??= LoopTask.CurrentOrThrow();
        if (!_borrowers.Remove(borrower))
        {
            throw new InvalidOperationException(
                $"AsyncCapacityLimiter.Release: {Describe(borrower)} has no token of this limiter. It was given back already, or another "
                + "borrower took it: a token belongs to the task that acquired it, unless a borrower was named. "
                + "Prefer 'using (await limiter.LockAsync())', which gives it back exactly once.");
        }

        HandOver();
    }

    /// <summary>How many are held and how many wait.</summary>
    public override string ToString() => $"AsyncCapacityLimiter ({BorrowedTokens} of {_totalTokens} borrowed, {_waiters.Count} waiting)";

    private static string Describe(object borrower) => borrower is LoopTask task ? task.Describe() : $"'{borrower}'";

    private Coroutine<Releaser> Rent(object? borrower)
    {
        var wait = _frames.TryRent(_binding) ?? new TokenWait(this);
        wait.Borrower = borrower;
        return new(wait);
    }

    private InvalidOperationException? RefuseSecondToken(object borrower) => _borrowers.ContainsKey(borrower)
        ? new($"{Describe(borrower)} has a token of this AsyncCapacityLimiter already, and waiting for a second one could be for ever. "
            + "Likely a method that takes a token calls another that takes one too. Take it once, or name another borrower.")
        : null;

    private Releaser Borrow(object borrower)
    {
        _borrowers.Add(borrower, ++_lastTicket);
        return new(this, borrower, _lastTicket);
    }

    private void HandOver()
    {
        while (!IsLocked && _waiters.TakeFirst() is { } next)
        {
            Unsafe.As<TokenWait>(next).OnHandedOver();
        }
    }

    private void GiveBack(object borrower, long ticket)
    {
        _binding.Verify("AsyncCapacityLimiter.Releaser.Dispose");
        if (_borrowers.TryGetValue(borrower, out var current) && current == ticket)
        {
            Release(borrower);
        }
    }

    /// <summary>Gives a token back when it is disposed of, once: copies and a second time do nothing. <c>default</c> does nothing.</summary>
    public readonly struct Releaser : IDisposable
    {
        private readonly AsyncCapacityLimiter? _limiter;
        private readonly object _borrower;
        private readonly long _ticket;

        internal Releaser(AsyncCapacityLimiter limiter, object borrower, long ticket)
        {
            _limiter = limiter;
            _borrower = borrower;
            _ticket = ticket;
        }

        /// <summary>Gives the token back. Any task of the loop may do it.</summary>
        /// <exception cref="InvalidOperationException">This is not the thread of the limiter's loop.</exception>
        public void Dispose() => _limiter?.GiveBack(_borrower, _ticket);
    }

    private sealed class TokenWait(AsyncCapacityLimiter limiter) : SyncWait<Releaser>(limiter._binding, "AsyncCapacityLimiter.AcquireAsync")
    {
        /// <summary>Null for the task that awaits.</summary>
        internal object? Borrower { get; set; }

        internal override string Describe() => "a token of a capacity limiter";

        internal void OnHandedOver()
        {
            // The same borrower may stand in line twice, by two tasks; the second is told so when its turn comes.
            if (limiter.RefuseSecondToken(Borrower ?? Runner) is { } misuse)
            {
                Fail(misuse);
                return;
            }

            Grant(Runner);
            Resume();
        }

        protected override bool CanGrant(LoopTask task)
            => !limiter.IsLocked && !limiter._borrowers.ContainsKey(Borrower ?? task);

        protected override void Grant(LoopTask task) => Value = limiter.Borrow(Borrower ?? task);

        protected override Exception? TryEnqueue(LoopTask task)
        {
            var refusal = limiter.RefuseSecondToken(Borrower ?? task);
            if (refusal is null)
            {
                limiter._waiters.Add(this);
            }

            return refusal;
        }

        protected override bool Abort()
        {
            limiter._waiters.Remove(this);
            return true;
        }

        protected override void ReturnToPrimitive()
        {
            Borrower = null;
            limiter._frames.Return(this);
        }
    }
}
