using System.Runtime.CompilerServices;
using Heddle.LowLevel;

namespace Heddle;

/// <summary>The activation of an <c>async Coroutine</c> body: what its builder talks to.</summary>
internal abstract class AsyncFrame<T> : Frame<T>
{
    /// <summary>
    /// The ambient context at the first step while the body runs; the failure once it has failed. A runner's first frame
    /// needs no context to go back to: the runner keeps its own.
    /// </summary>
    private object? _contextOrFailure;

    /// <summary>What is awaited, or was the last time: in a loop it is mostly the same again.</summary>
    private Frame? _callee;

    /// <summary>What the body awaits, while it does.</summary>
    protected Frame? Callee => _callee;

    internal sealed override Failure GetFailure() => (Exception)_contextOrFailure!;

    internal sealed override void GiveUp(Exception failure) => Fail(failure);

    internal void Fail(Exception failure)
    {
        if (Parent is not null)
        {
            RestoreContext();
        }

        Unwinding.Note(failure, this);
        _contextOrFailure = failure;
        Status = FrameStatus.Failed;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Await(Frame? callee)
    {
        if (!ReferenceEquals(_callee, callee))
        {
            _callee = callee;
        }

        Status = FrameStatus.Calling;
    }

    /// <summary>The body has returned, and its value was taken. Not virtual, for who knows that; and knows where it goes back to.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void RecycleReturned(FreeFrames home)
    {
        Clear();
        home.Return(this);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Clear()
    {
        // To write null costs no write barrier.
        _callee = null;
        if (!ReferenceEquals(_contextOrFailure, AmbientContext.Empty))
        {
            // The empty context may stay, since it holds nothing and is the likely one of the next call.
            _contextOrFailure = null;
        }

        if (RuntimeHelpers.IsReferenceOrContainsReferences<T>())
        {
            Value = default!;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    protected void KeepContext()
    {
        var context = ExecutionContext.Capture();
        if (!ReferenceEquals(_contextOrFailure, context))
        {
            _contextOrFailure = context;
        }
    }

    /// <summary>What the body wrote to an <see cref="AsyncLocal{T}"/> stays inside the body.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    protected void RestoreContext()
    {
        var now = ExecutionContext.Capture();
        if (!ReferenceEquals(now, _contextOrFailure) && Runner.Current is not { IsDrivenByHand: true })
        {
            // In a generator the context may be that of another caller by now, and is left to it.
            AmbientContext.Restore(Unsafe.As<ExecutionContext?>(_contextOrFailure));
        }
    }
}

/// <summary>A frame with the compiler's state machine inside it.</summary>
internal sealed class AsyncFrame<TStateMachine, T> : AsyncFrame<T>
    where TStateMachine : IAsyncStateMachine
{
    internal TStateMachine StateMachine = default!;

    private AsyncFrame(FreeFrames home) => Home = home;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static AsyncFrame<TStateMachine, T> Rent()
    {
        var free = FreeFrames.Of<TStateMachine>();
        var frame = free.TryRent<AsyncFrame<TStateMachine, T>>() ?? new AsyncFrame<TStateMachine, T>(free);
        frame.Status = FrameStatus.Cold;
        return frame;
    }

    internal override Frame? Step(Runner runner, int depth)
    {
        if (Status == FrameStatus.Cold)
        {
            Status = FrameStatus.Running;
            if (Parent is { } caller)
            {
                // Most bodies end in their first step. With all of it in a row here the JIT looks up the thread once.
                KeepContext();
                StateMachine.MoveNext();
                if (Status == FrameStatus.Returned)
                {
                    StateMachine = default!;
                    RestoreContext();
                    runner.CountCompletion();
                    return caller;
                }
            }
            else
            {
                StateMachine.MoveNext();
            }
        }
        else
        {
            StateMachine.MoveNext();
        }

        while (Status == FrameStatus.Calling)
        {
            var next = runner.Call(this, Callee);
            if (next is not null && depth > 0)
            {
                // Here, in the code of one state machine, the JIT learns what this body awaits.
                next = next.Step(runner, depth - 1);
            }

            if (!ReferenceEquals(next, this))
            {
                return next;
            }

            StateMachine.MoveNext();
        }

        return HasEnded ? End(runner)
            : Status == FrameStatus.Yielding ? runner.YieldAt(this)
            : runner.NextAfterForeign();
    }

    internal override void Recycle() => Recycle(PerThread.This);

    internal override void Recycle(PerThread thread)
    {
        StateMachine = default!;
        Home = FreeFrames.Of<TStateMachine>(thread);
        RecycleReturned(Home);
    }

    /// <summary>The body has ended: the frame to step next.</summary>
    private Frame? End(Runner runner)
    {
        StateMachine = default!;
        if (Parent is not null && Status == FrameStatus.Returned)
        {
            RestoreContext();
        }

        return runner.Return(this);
    }

    internal override string? Name => MethodName<TStateMachine>.Value;

    internal override object? Locals => StateMachine;

    internal override string Describe() => "its turn to run";
}
