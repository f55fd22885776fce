using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Heddle;

/// <summary>A signal for one task: each setting ends one wait.</summary>
/// <remarks>
/// Setting it wakes the one who has waited longest, or, if nobody waits, lets the next wait end at once; setting it again
/// before that changes nothing. A wait that is cancelled leaves the line. A task that was woken and is cancelled before it
/// runs has had the signal: its wait returns, and it meets the cancellation at its next suspension.
/// It serves the tasks of one loop, the first that waits for it.
/// </remarks>
/// <param name="isSet">Whether it is set at the beginning.</param>
[DebuggerDisplay("{ToString(),nq}")]
public sealed class AsyncAutoResetEvent(bool isSet = false)
{
    private readonly LoopBinding _binding = new();
    private WaiterList<Nothing> _waiters;
    private WaitFrames<SignalWait> _frames;

    /// <summary>Whether the next wait would end at once. False for as long as anyone waits.</summary>
    public bool IsSet { get; private set; } = isSet;

    /// <summary>What it looks like now. Loop thread only, or while its loop is not running.</summary>
    public EventStatistics Statistics => new() { IsSet = IsSet, Waiters = _waiters.Count };

    /// <summary>Waits for a signal of one's own.</summary>
    /// <exception cref="InvalidOperationException">This is not the event's loop.</exception>
    /// <exception cref="ScopeCanceledException">The scope is cancelled, before or while it waits; no signal was used up.</exception>
    public Coroutine WaitAsync() => new(_frames.TryRentUnchecked(_binding) ?? new SignalWait(this));

    /// <summary>Uses the signal up if there is one.</summary>
    /// <exception cref="InvalidOperationException">This is not the event's loop.</exception>
    public bool TryWait()
    {
        _binding.Verify("AsyncAutoResetEvent.TryWait");
        var wasSet = IsSet;
        IsSet = false;
        return wasSet;
    }

    /// <summary>Wakes the one who has waited longest, or lets the next wait end at once.</summary>
    /// <exception cref="InvalidOperationException">This is not the event's loop.</exception>
    public void Set()
    {
        _binding.Verify("AsyncAutoResetEvent.Set");
        if (_waiters.TakeFirst() is { } waiter)
        {
            Unsafe.As<SignalWait>(waiter).OnSet();
        }
        else
        {
            IsSet = true;
        }
    }

    /// <summary>Takes a signal back that nobody has used.</summary>
    /// <exception cref="InvalidOperationException">This is not the event's loop.</exception>
    public void Reset()
    {
        _binding.Verify("AsyncAutoResetEvent.Reset");
        IsSet = false;
    }

    /// <summary>Whether it is set and how many wait.</summary>
    public override string ToString() => $"AsyncAutoResetEvent ({(IsSet ? "set" : $"not set, {_waiters.Count} waiting")})";

    private sealed class SignalWait(AsyncAutoResetEvent owner) : SyncWait<Nothing>(owner._binding, "AsyncAutoResetEvent.WaitAsync")
    {
        internal override string Describe() => "a signal of an event";

        internal void OnSet() => Resume();

        protected override bool CanGrant(LoopTask task) => owner.IsSet;

        protected override void Grant(LoopTask task) => owner.IsSet = false;

        protected override void Enqueue(LoopTask task) => owner._waiters.Add(this);

        protected override bool Abort()
        {
            owner._waiters.Remove(this);
            return true;
        }

        protected override void ReturnToPrimitive() => owner._frames.Return(this);
    }
}
