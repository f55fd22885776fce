using System.Diagnostics;
using System.Runtime.CompilerServices;
using Heddle.LowLevel;

namespace Heddle;

/// <summary>One activation on a runner's logical stack: a compiled coroutine body or a suspension at its top.</summary>
/// <remarks>
/// A frame has one owner at a time. Its version is the owner's token: taking the frame spends the token, so that
/// a second await of the same handle is an error, even when the frame has long been reused for another call.
/// </remarks>
internal abstract class Frame
{
    /// <summary>The frame that awaits this one; null for a runner's first frame. Means nothing in a frame that has not begun.</summary>
    internal Frame? Parent;

    /// <summary>
    /// Where it goes back to; null if whoever ends it must look for the place. Of a frame that is awaited it is a place on
    /// the thread that awaits it.
    /// </summary>
    internal FreeFrames? Home;

    internal uint Version;

    internal FrameStatus Status;

    /// <summary>The timer wheel's slot of a <c>TimerNode</c>. It stands here because here it takes no room.</summary>
    internal short Slot;

    internal bool HasEnded => Status >= FrameStatus.Succeeded;

    internal bool HasSucceeded => Status is FrameStatus.Succeeded or FrameStatus.Returned;

    /// <summary>
    /// Runs until the frame ends, calls another frame or suspends its runner, and returns the frame to step next: null when
    /// the runner's own step is over. Never throws.
    /// </summary>
    /// <param name="runner">Whose stack the frame is on.</param>
    /// <param name="depth">How many frames may be stepped inside each other from here on.</param>
    internal abstract Frame? Step(Runner runner, int depth);

    /// <summary>
    /// Is awaited although it is not cold, and gives the frame to step next. Most had completed, and the caller yields to be fair;
    /// an awaiter that was registered twice comes here too, and its GetResult says so.
    /// </summary>
    internal virtual Frame? MeetAwait(Frame caller, Runner runner) => runner.YieldAt(caller);

    /// <summary>
    /// Asked once, of a <see cref="FrameStatus.Eager"/> frame: whether <see cref="CompleteNow"/> may follow now, with no step
    /// and no trampoline. If not, the frame is a cold one like any other.
    /// </summary>
    internal virtual bool CanCompleteNow() => false;

    /// <summary>
    /// Ends a frame that has not ended: one that can end at once does all it has to do and ends with success; any other
    /// throws what it failed with, or that it has not completed.
    /// </summary>
    [StackTraceHidden]
    internal virtual void CompleteNow() => ThrowFailure();

    /// <summary>What this frame ended with; only when it ended without success.</summary>
    internal abstract Failure GetFailure();

    /// <summary>A step that ended in a wait threw: the await fails with that. False if this is no wait.</summary>
    internal virtual bool Break(Exception failure) => false;

    /// <summary>Ends a frame that was begun and that nobody can step any more.</summary>
    internal virtual void GiveUp(Exception failure) => throw new System.Diagnostics.UnreachableException();

    /// <summary>Fails a cold frame that only a task could wait in; false if it needs none.</summary>
    internal virtual bool RefuseWithoutTask() => false;

    /// <summary>Clears the frame and gives it back to its pool. It must have ended, or never have begun.</summary>
    internal abstract void Recycle();

    /// <summary>The same, for who has what the thread keeps at hand.</summary>
    internal virtual void Recycle(PerThread thread) => Recycle();

    /// <summary>Of a wait for something foreign: where it keeps what it waits for, if that can be asked whether it has ended.</summary>
    internal virtual AwaiterCopy? AwaiterCopy => null;

    /// <summary>The frame that goes on when this one has ended.</summary>
    internal virtual Frame? Awaiter => Parent;

    /// <summary>A copy of what the body keeps while it waits, to be looked at; null for what no person wrote.</summary>
    internal virtual object? Locals => null;

    /// <summary>The method that it is an activation of; null for what no person wrote.</summary>
    internal virtual string? Name => null;

    /// <summary>The runner whose end it waits for, if that is what it waits for.</summary>
    internal virtual Runner? Awaited => null;

    /// <summary>What a runner whose top this is waits for, in words.</summary>
    internal virtual string Describe() => "its turn";

    /// <summary>Whether it is a wait that can be taken back at any moment until it is over, and so be one of several of which one is wanted.</summary>
    internal virtual bool CanBeSelected => false;

    /// <summary>Of one that can be selected: whether it would end at once; null where only beginning it can tell. No side effect.</summary>
    internal virtual bool? WouldComplete(Runner runner) => throw new System.Diagnostics.UnreachableException();

    /// <summary>Begins one that can be selected, beside others of the runner; true if it has ended, be it by failing.</summary>
    internal virtual bool BeginBeside(Runner runner) => throw new System.Diagnostics.UnreachableException();

    /// <summary>One that can be selected will not begin.</summary>
    internal virtual void Forgo(Runner runner) => Status = FrameStatus.Canceled;

    /// <summary>Takes the wait back, so that it ends as cancelled; false when it cannot be abandoned.</summary>
    internal virtual bool TryAbort() => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Take(uint version)
    {
        if (Version != version)
        {
            Misuse.ThrowAwaitedTwice();
        }

        Version = version + 1;
        if (DebugMode.IsOn)
        {
            NeverAwaited.Forget(this);
        }
    }

    /// <summary>Takes it for an await on this thread.</summary>
    /// <exception cref="InvalidOperationException">It was taken before, or no task runs on this thread.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void TakeToAwait(uint version)
    {
        var thread = PerThread.OrNull;
        if (thread?.Runner is null)
        {
            Misuse.ThrowNoLoop();
        }

        Take(version);
        if (Home is { } home && !home.AreOf(thread))
        {
            Home = null;
        }
    }

    /// <summary>A handle in words.</summary>
    internal static string Describe(string kind, Frame? frame, uint version)
        => frame is null ? $"{kind} (completed)"
        : frame.Version != version ? $"{kind} (awaited or started before)"
        : frame.Name is { } name ? $"{kind} {name} (not awaited yet)"
        : $"{kind} (not awaited yet)";

    /// <summary>Ends this frame's life by throwing what it failed with.</summary>
    [StackTraceHidden]
    internal void ThrowFailure()
    {
        if (!HasEnded)
        {
            Misuse.ThrowNotCompleted();
        }

        var failure = GetFailure();
        var awaiter = Parent;
        Recycle();
        failure.Throw(awaiter);
    }
}

/// <summary>A frame that ends with a value.</summary>
internal abstract class Frame<T> : Frame
{
    internal T Value = default!;
}
