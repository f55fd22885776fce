using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Heddle.LowLevel;

/// <summary>Whether a <see cref="Runner"/> goes on after a frame's step.</summary>
internal enum RunnerState : byte
{
    /// <summary>Its frames are being stepped.</summary>
    Running,

    /// <summary>Its top frame waits for something.</summary>
    Suspended,

    /// <summary>It has not begun, and waits until it may.</summary>
    KeptBack,

    /// <summary>It stands in a ready queue.</summary>
    Ready,

    /// <summary>Its first frame has ended and is its top.</summary>
    Ended,

    /// <summary>It was taken out of its loop where it stood, and none of its code runs any more.</summary>
    Dropped,
}

/// <summary>The trampoline: steps the frames of one logical stack, one after the other and never inside each other. Not for your code.</summary>
/// <remarks>
/// Public only because a <see cref="LoopTask"/> is one: a task and what runs it are one object.
/// A frame that calls another, and a frame that ends, only name the frame to step next; the loop in
/// <see cref="RunFrames"/> steps it, or the caller's own step does as long as few are stepped inside each other. So the
/// depth of a chain of coroutines costs no stack, on the way down, on the way back and while failing.
/// It is the synchronization context of the code it runs, so that what foreign code posts comes back to this runner.
/// </remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class Runner : SynchronizationContext
{
    private protected Runner(bool isDrivenByHand = false) => _traits = isDrivenByHand ? Traits.DrivenByHand : 0;

    /// <summary>Bits of one byte, those of a task too: with one byte more a task would be eight bytes larger.</summary>
    [Flags]
    private protected enum Traits : byte
    {
        DrivenByHand = 1,
        FlowSuppressed = 2,
        HasOwnScope = 4,
        Observed = 8,
        NeverRan = 16,
        Succeeded = 32,
        Failed = 64,
        HasHeldResources = 128,
        Canceled = Succeeded | Failed,
    }

    /// <summary>Fairness: how many awaits may complete at once in one step before the next one yields.</summary>
    internal const int CompletionsPerStep = 128;

    /// <summary>How many frames are stepped inside each other before the trampoline takes over.</summary>
    private const int NestedSteps = 16;

    /// <summary>
    /// Between steps: the frame to step next, the suspension that is waited for or whose wait is over, or the first frame
    /// once it has ended.
    /// </summary>
    internal Frame? Top;

    internal RunnerState State;

    /// <summary>Whether it is stepped by who calls it, and not by a loop: a generator's. Any other is a task.</summary>
    internal bool IsDrivenByHand => (_traits & Traits.DrivenByHand) != 0;

    private int _completions;

    private Traits _traits;

    /// <summary>Whether the flow of the ambient context was suppressed when the last step ended.</summary>
    private protected bool IsFlowSuppressed
    {
        get => (_traits & Traits.FlowSuppressed) != 0;
        set => Change(Traits.FlowSuppressed, value);
    }

    /// <summary>Whether it is a task for which a scope of its own was made.</summary>
    private protected bool HasOwnScope
    {
        get => (_traits & Traits.HasOwnScope) != 0;
        set => Change(Traits.HasOwnScope, value);
    }

    /// <summary>How a task has ended; none of the bits while it has not.</summary>
    private protected Traits Ending
    {
        get => _traits & Traits.Canceled;
        set => _traits |= value;
    }

    private protected bool Has(Traits trait) => (_traits & trait) != 0;

    private protected void Change(Traits trait, bool value) => _traits = value ? _traits | trait : _traits & ~trait;

    /// <summary>How many suspensions were refused because the scope is cancelled.</summary>
    private protected byte Refusals;

    /// <summary>The runner within whose step this one is stepped by hand; null if there is none.</summary>
    internal virtual Runner? Outer => null;

    /// <summary>The runner whose code runs on this thread now.</summary>
    internal static new Runner? Current
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => PerThread.OrNull?.Runner;
    }

    /// <summary>What foreign code captures that its steps call, whatever that sets itself; nobody's in one that nobody's step drives.</summary>
    internal virtual SynchronizationContext ContextOfSteps => Outer?.ContextOfSteps ?? SynchronizationContext.Current ?? this;

    /// <summary>False when an await that could complete at once must yield first.</summary>
    internal bool MayCompleteAtOnce => _completions < CompletionsPerStep;

    internal void CountCompletion() => _completions++;

    /// <summary>Steps frames until the runner suspends, yields or ends.</summary>
    private protected void RunFrames()
    {
        State = RunnerState.Running;
        _completions = 0;
        var frame = Top!;
        if (frame.HasEnded)
        {
            // The wait is over. Without a parent the suspension was the first frame, and its end is the runner's.
            frame = frame.Parent ?? EndWith(frame);
        }

        while (frame is not null)
        {
            frame = frame.Step(this, NestedSteps);
        }
    }

    /// <summary>
    /// The same with no await completing at once and no step inside another, so that each call goes through
    /// <see cref="Call"/> to <see cref="Reschedule"/>: for a runner in which not every frame can be stepped. What that leaves at the
    /// <see cref="Top"/> is stepped next, as long as the runner is running.
    /// </summary>
    /// <remarks>A loop of its own: with one for both, the JIT knows less of whose frames it steps, and a step of a generator takes a tenth longer.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private protected void RunFramesFlat()
    {
        State = RunnerState.Running;
        LetNothingCompleteAtOnce();
        do
        {
            var frame = Top;
            while (frame is not null)
            {
                frame = frame.Step(this, depth: 0);
            }
        }
        while (State == RunnerState.Running);
    }

    /// <summary>Every await goes through <see cref="Reschedule"/>, as in a runner that is stepped with no depth.</summary>
    private protected void LetNothingCompleteAtOnce() => _completions = CompletionsPerStep;

    /// <summary>The caller awaits the callee: the frame to step next, which is that, unless it is time to yield.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal Frame? Call(Frame caller, Frame? callee)
    {
        if (callee is not { Status: FrameStatus.Cold })
        {
            return callee is null ? YieldAt(caller) : callee.MeetAwait(caller, this);
        }

        if (!ReferenceEquals(callee.Parent, caller))
        {
            // A frame from a pool mostly has the same caller as the last time; a comparison costs less than the write.
            callee.Parent = caller;
        }

        return _completions < CompletionsPerStep ? callee : YieldAt(callee);
    }

    /// <summary>The frame has ended: the one to step next is the one that awaits it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal Frame? Return(Frame ended)
    {
        _completions++;
        return ended.Parent ?? EndWith(ended);
    }

    /// <summary>The step ends, and the frame is stepped in a later one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal Frame? YieldAt(Frame next)
    {
        if (!ReferenceEquals(Top, next))
        {
            Top = next;
        }

        Reschedule();
        return null;
    }

    /// <summary>The body waits for something foreign; or its stack was given up meanwhile, and what winds it up is at the top.</summary>
    internal Frame? NextAfterForeign() => State == RunnerState.Running ? Top : null;

    private Frame? EndWith(Frame first)
    {
        if (!ReferenceEquals(Top, first))
        {
            Top = first;
        }

        State = RunnerState.Ended;
        return null;
    }

    /// <summary>Gives others their turn: <see cref="Top"/> is stepped in a later step.</summary>
    internal abstract void Reschedule();

    /// <summary>The frame awaits something foreign: suspends, and returns what that has to call, once, from any thread.</summary>
    internal abstract Action SuspendForForeign(Frame awaiting, ForeignKind awaiter);

    /// <summary>The awaiter of that wait threw. Unless it has called back too the stack is given up, and the failure is the runner's.</summary>
    internal abstract void Abandon(Frame wait, Exception failure);

    /// <summary>Runs a cold frame beside this runner, for an awaiter of another builder, and posts the continuation.</summary>
    internal abstract void RunBeside(Frame frame, Action continuation);

    /// <summary>The check at the end of a yield.</summary>
    /// <param name="isPosted">Whether foreign code of it has yielded, and not a step.</param>
    internal abstract void ThrowIfCanceled(bool isPosted);

    /// <summary>
    /// In debug mode: a coroutine that was made in its code was never awaited. On the finalizer's thread. One that is stepped by hand leaves
    /// it to the task that stepped it last; there may be none.
    /// </summary>
    internal virtual void ReportForgotten(string message)
    {
        if (Outer is { } outer)
        {
            outer.ReportForgotten(message);
        }
        else
        {
            StandardError.WriteLine($"heddle: {message}");
        }
    }

    /// <summary>Throws that this runner cannot wait, because it is driven by hand.</summary>
    [DoesNotReturn]
    internal virtual void RefuseWait() => throw new System.Diagnostics.UnreachableException();
}
