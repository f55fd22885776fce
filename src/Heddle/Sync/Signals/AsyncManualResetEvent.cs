using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Heddle;

/// <summary>A flag that tasks wait for: while it is set nobody has to. The counterpart of <c>asyncio.Event</c>.</summary>
/// <remarks>
/// Setting it wakes all who wait, in the order of their coming; who was woken goes on, even if it is reset before its turn.
/// It serves the tasks of one loop, the first that waits for it.
/// </remarks>
/// <param name="isSet">Whether it is set at the beginning.</param>
[DebuggerDisplay("{ToString(),nq}")]
public sealed class AsyncManualResetEvent(bool isSet = false)
{
    private readonly LoopBinding _binding = new();
    private WaiterList<Nothing> _waiters;
    private WaitFrames<EventWait> _frames;

    /// <summary>Whether a wait would end at once.</summary>
    public bool IsSet { get; private set; } = isSet;

    /// <summary>What it looks like now. Loop thread only, or while its loop is not running.</summary>
    public EventStatistics Statistics => new() { IsSet = IsSet, Waiters = _waiters.Count };

    /// <summary>Waits until it is set.</summary>
    /// <exception cref="InvalidOperationException">This is not the event's loop.</exception>
    /// <exception cref="ScopeCanceledException">The scope is cancelled, before or while it waits.</exception>
    public Coroutine WaitAsync() => new(_frames.TryRentUnchecked(_binding) ?? new EventWait(this));

    /// <summary>Whether a wait ends at once: the same as <see cref="IsSet"/>.</summary>
    /// <exception cref="InvalidOperationException">This is not the event's loop.</exception>
    public bool TryWait()
    {
        _binding.Verify("AsyncManualResetEvent.TryWait");
        return IsSet;
    }

    /// <summary>Sets it and wakes all who wait.</summary>
    /// <exception cref="InvalidOperationException">This is not the event's loop.</exception>
    public void Set()
    {
        _binding.Verify("AsyncManualResetEvent.Set");
        IsSet = true;
        while (_waiters.TakeFirst() is { } waiter)
        {
            Unsafe.As<EventWait>(waiter).OnSet();
        }
    }

    /// <summary>Has waits from now on wait until it is set again.</summary>
    /// <exception cref="InvalidOperationException">This is not the event's loop.</exception>
    public void Reset()
    {
        _binding.Verify("AsyncManualResetEvent.Reset");
        IsSet = false;
    }

    /// <summary>Whether it is set and how many wait.</summary>
    public override string ToString() => $"AsyncManualResetEvent ({(IsSet ? "set" : $"not set, {_waiters.Count} waiting")})";

    private sealed class EventWait(AsyncManualResetEvent owner) : SyncWait<Nothing>(owner._binding, "AsyncManualResetEvent.WaitAsync")
    {
        internal override string Describe() => "an event";

        internal void OnSet() => Resume();

        protected override bool CanGrant(LoopTask task) => owner.IsSet;

        protected override void Grant(LoopTask task)
        {
        }

        protected override void Enqueue(LoopTask task) => owner._waiters.Add(this);

        protected override bool Abort()
        {
            owner._waiters.Remove(this);
            return true;
        }

        protected override void ReturnToPrimitive() => owner._frames.Return(this);
    }
}

/// <summary>An <see cref="AsyncManualResetEvent"/> or an <see cref="AsyncAutoResetEvent"/> at one moment.</summary>
public readonly record struct EventStatistics
{
    /// <summary>Whether a wait would end at once.</summary>
    public bool IsSet { get; init; }

    /// <summary>How many tasks wait.</summary>
    public int Waiters { get; init; }
}
