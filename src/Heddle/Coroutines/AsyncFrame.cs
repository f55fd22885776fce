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

    /// <summary>What is awaited, or was the last time: it is a frame of a pool and mostly the same again.</summary>
    private Frame? _callee;

    internal sealed override Exception GetFailure() => (Exception)_contextOrFailure!;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    protected void Begin()
    {
        Status = FrameStatus.Running;
        if (Parent is null)
        {
            return;
        }

        var context = ExecutionContext.Capture();
        if (!ReferenceEquals(_contextOrFailure, context))
        {
            _contextOrFailure = context;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Complete()
    {
        if (Parent is not null)
        {
            RestoreContext();
        }

        Status = FrameStatus.Succeeded;
    }

    internal sealed override void GiveUp(Exception failure) => Fail(failure);

    internal void Fail(Exception failure)
    {
        if (Parent is not null)
        {
            RestoreContext();
        }

        _contextOrFailure = failure;
        Status = FrameStatus.Failed;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Await(Frame? callee, AwaitKind kind)
    {
        if (!ReferenceEquals(_callee, callee))
        {
            _callee = callee;
        }

        Awaits = kind;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    protected void GoOn(Runner runner)
    {
        if (HasEnded)
        {
            runner.Return(this);
            return;
        }

        var awaits = Awaits;
        Awaits = AwaitKind.None;
        if (awaits == AwaitKind.Call)
        {
            if (_callee is { Awaits: AwaitKind.Wait })
            {
                _callee.BeginWithin(this, runner);
            }
            else
            {
                runner.Call(this, _callee);
            }
        }
        else if (awaits == AwaitKind.Yield)
        {
            runner.Yield();
        }
        else if (awaits == AwaitKind.Wait)
        {
            _callee!.BeginWithin(this, runner);
        }
    }

    protected void Clear()
    {
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

    /// <summary>What the body wrote to an <see cref="AsyncLocal{T}"/> stays inside the body.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void RestoreContext()
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
    [ThreadStatic]
    private static FramePool? t_pool;

    internal TStateMachine StateMachine = default!;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static AsyncFrame<TStateMachine, T> Rent()
    {
        var frame = (t_pool ??= new FramePool()).TryRent<AsyncFrame<TStateMachine, T>>() ?? new AsyncFrame<TStateMachine, T>();
        frame.Status = FrameStatus.Cold;
        return frame;
    }

    internal override void Step(Runner runner)
    {
        if (Status == FrameStatus.Cold)
        {
            Begin();
        }

        StateMachine.MoveNext();
        GoOn(runner);
    }

    internal override void Recycle()
    {
        StateMachine = default!;
        Clear();
        (t_pool ??= new FramePool()).Return(this);
    }

    internal override string Describe() => "its turn to run";
}
