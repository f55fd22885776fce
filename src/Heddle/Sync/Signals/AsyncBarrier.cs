using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Heddle;

/// <summary>A point that tasks pass together: each waits until all have come. The counterpart of <c>asyncio.Barrier</c>.</summary>
/// <remarks>
/// When the last one comes, the round is over in that very moment: all go on, each with the number of its coming (0 to
/// <see cref="ParticipantCount"/> − 1, no number twice), and whoever comes next begins another round. So there is no
/// draining in which the barrier could be caught: a task that is cancelled after that has passed, returns its number, and
/// meets the cancellation at its next suspension. A task that is cancelled before that leaves, its place is free again,
/// and those behind it move up. It serves the tasks of one loop, the first that waits for it.
/// </remarks>
[DebuggerDisplay("{ToString(),nq}")]
public sealed class AsyncBarrier
{
    private readonly LoopBinding _binding = new();
    private WaiterList<int> _waiters;
    private WaitFrames<BarrierWait> _frames;
    private int _waiting;

    /// <param name="participantCount">How many tasks have to come.</param>
    /// <exception cref="ArgumentOutOfRangeException">The count is not positive.</exception>
    public AsyncBarrier(int participantCount)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(participantCount);
        ParticipantCount = participantCount;
    }

    /// <summary>How many tasks have to come.</summary>
    public int ParticipantCount { get; }

    /// <summary>Whether it was aborted, and not reset since.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>What it looks like now. Loop thread only, or while its loop is not running.</summary>
    public BarrierStatistics Statistics => new() { ParticipantCount = ParticipantCount, Waiters = _waiting, IsBroken = IsBroken };

    /// <summary>Waits until all have come.</summary>
    /// <returns>The number of this task's coming, from 0; exactly one task of a round gets each.</returns>
    /// <exception cref="BrokenBarrierException">The barrier is aborted, or it is reset or aborted while the task waits.</exception>
    /// <exception cref="InvalidOperationException">This is not the barrier's loop.</exception>
    /// <exception cref="ScopeCanceledException">The scope is cancelled, before or while it waits; the task does not count as come.</exception>
    public Coroutine<int> WaitAsync() => new(_frames.TryRentUnchecked(_binding) ?? new BarrierWait(this));

    /// <summary>Ends the round if only this task is missing.</summary>
    /// <param name="index">As what <see cref="WaitAsync"/> returns.</param>
    /// <returns>False if others are missing too; then nothing has happened.</returns>
    /// <exception cref="BrokenBarrierException">The barrier is aborted.</exception>
    /// <exception cref="InvalidOperationException">This is not the barrier's loop.</exception>
    public bool TryWait(out int index)
    {
        _binding.Verify("AsyncBarrier.TryWait");
        if (IsBroken)
        {
            throw Aborted();
        }

        var isLast = _waiting == ParticipantCount - 1;
        index = isLast ? _waiting : -1;
        if (isLast)
        {
            EndRound();
        }

        return isLast;
    }

    /// <summary>Begins anew: those who wait get a <see cref="BrokenBarrierException"/>, and an aborted barrier is whole again.</summary>
    /// <exception cref="InvalidOperationException">This is not the barrier's loop.</exception>
    public void Reset()
    {
        _binding.Verify("AsyncBarrier.Reset");
        IsBroken = false;
        FailAll(static () => new BrokenBarrierException(
            "The barrier was reset while this task waited for the others. Wait again for the next round, or end."));
    }

    /// <summary>Breaks it for good: those who wait, and those who come, get a <see cref="BrokenBarrierException"/> until it is reset.</summary>
    /// <remarks>For a task that cannot come any more and must not leave the others waiting.</remarks>
    /// <exception cref="InvalidOperationException">This is not the barrier's loop.</exception>
    public void Abort()
    {
        _binding.Verify("AsyncBarrier.Abort");
        IsBroken = true;
        FailAll(Aborted);
    }

    /// <summary>How many have come.</summary>
    public override string ToString() => IsBroken
        ? "AsyncBarrier (aborted)"
        : $"AsyncBarrier ({_waiting} of {ParticipantCount} waiting)";

    private static BrokenBarrierException Aborted() => new(
        "The barrier was aborted: a task that had to come said that it will not. End, or have one task call Reset and begin anew.");

    private void EndRound()
    {
        for (var index = 0; _waiters.TakeFirst() is { } waiter; index++)
        {
            // One by one: who goes on may stand here twice, by a selection, and leave the other place.
            _waiting--;
            Unsafe.As<BarrierWait>(waiter).OnAllHaveCome(index);
        }
    }

    private void FailAll(Func<Exception> makeFailure)
    {
        while (_waiters.TakeFirst() is { } waiter)
        {
            _waiting--;
            Unsafe.As<BarrierWait>(waiter).OnBroken(makeFailure());
        }
    }

    private sealed class BarrierWait(AsyncBarrier owner) : SyncWait<int>(owner._binding, "AsyncBarrier.WaitAsync")
    {
        internal override string Describe() => $"{owner.ParticipantCount - owner._waiting} more at a barrier";

        internal void OnAllHaveCome(int index)
        {
            Value = index;
            Resume();
        }

        internal void OnBroken(Exception failure) => Fail(failure);

        protected override bool CanGrant(LoopTask task)
            => owner._waiting == owner.ParticipantCount - 1 && !owner.IsBroken;

        protected override void Grant(LoopTask task)
        {
            Value = owner._waiting;
            owner.EndRound();
        }

        protected override Exception? Refuse(LoopTask task) => owner.IsBroken ? Aborted() : null;

        protected override void Enqueue(LoopTask task)
        {
            owner._waiting++;
            owner._waiters.Add(this);
        }

        protected override bool Abort()
        {
            owner._waiting--;
            owner._waiters.Remove(this);
            return true;
        }

        protected override void ReturnToPrimitive() => owner._frames.Return(this);
    }
}

/// <summary>An <see cref="AsyncBarrier"/> at one moment.</summary>
public readonly record struct BarrierStatistics
{
    /// <summary>How many have to come.</summary>
    public int ParticipantCount { get; init; }

    /// <summary>How many have come and wait for the others.</summary>
    public int Waiters { get; init; }

    /// <summary>Whether every wait fails.</summary>
    public bool IsBroken { get; init; }
}

/// <summary>Thrown to those who wait at an <see cref="AsyncBarrier"/> that is reset or aborted, and to those who come to an aborted one.</summary>
public class BrokenBarrierException : InvalidOperationException
{
    /// <summary>With a message of its own.</summary>
    public BrokenBarrierException()
    {
    }

    /// <summary>With that message.</summary>
    public BrokenBarrierException(string? message)
        : base(message)
    {
    }

    /// <summary>With that message and cause.</summary>
    public BrokenBarrierException(string? message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
