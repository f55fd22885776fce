using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Heddle.LowLevel;

/// <summary>Marks the awaiters that a Heddle builder runs inline. Each must consist of one field, the frame.</summary>
internal interface ICoroutineAwaiter;

/// <summary>Awaits a <see cref="Coroutine"/>. Used by the compiler.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct CoroutineAwaiter : ICriticalNotifyCompletion, ICoroutineAwaiter
{
    private readonly Frame? _frame;

    internal CoroutineAwaiter(Frame? frame) => _frame = frame;

    internal Frame? Frame => _frame;

    /// <summary>
    /// Whether nothing has to be run. No side effect: a cold coroutine starts when the await is registered, and what can
    /// be had at once is taken by <see cref="GetResult"/>.
    /// </summary>
    public bool IsCompleted => _frame is { } frame
        ? frame.Status == FrameStatus.Eager && frame.CanCompleteNow()
        : Runner.Current is not { MayCompleteAtOnce: false };

    /// <summary>Ends the await: returns, or throws what the coroutine failed with.</summary>
    /// <exception cref="InvalidOperationException">The coroutine has not completed.</exception>
    [StackTraceHidden]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void GetResult()
    {
        if (_frame is not { } frame)
        {
            Runner.Current?.CountCompletion();
            return;
        }

        if (!frame.HasSucceeded)
        {
            frame.CompleteNow();
        }

        frame.Recycle();
    }

    /// <summary>For other builders: runs the coroutine as a child task and posts the continuation to the awaiting task, in the ambient context of now.</summary>
    public void OnCompleted(Action continuation) => ForeignAwait.Register(_frame, AmbientContext.Flowing(continuation));

    /// <summary>The same for one who keeps the ambient context himself.</summary>
    public void UnsafeOnCompleted(Action continuation) => ForeignAwait.Register(_frame, continuation);
}

/// <summary>Awaits a <see cref="Coroutine{T}"/>. Used by the compiler.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct CoroutineAwaiter<T> : ICriticalNotifyCompletion, ICoroutineAwaiter
{
    private readonly Frame<T>? _frame;

    internal CoroutineAwaiter(Frame<T>? frame) => _frame = frame;

    internal Frame<T>? Frame => _frame;

    /// <inheritdoc cref="CoroutineAwaiter.IsCompleted"/>
    public bool IsCompleted => _frame is { } frame
        ? frame.Status == FrameStatus.Eager && frame.CanCompleteNow()
        : Runner.Current is not { MayCompleteAtOnce: false };

    /// <summary>Ends the await: returns the result, or throws what the coroutine failed with.</summary>
    /// <exception cref="InvalidOperationException">The coroutine has not completed.</exception>
    [StackTraceHidden]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T GetResult()
    {
        if (_frame is not { } frame)
        {
            Runner.Current?.CountCompletion();
            return default!;
        }

        T value;
        if (frame.Status == FrameStatus.Returned && frame.Home is { } home)
        {
            // What is awaited most, so without a virtual call.
            value = frame.Value;
            Unsafe.As<AsyncFrame<T>>(frame).RecycleReturned(home);
            return value;
        }

        if (!frame.HasSucceeded)
        {
            frame.CompleteNow();
        }

        value = frame.Value;
        frame.Recycle();
        return value;
    }

    /// <inheritdoc cref="CoroutineAwaiter.OnCompleted"/>
    public void OnCompleted(Action continuation) => ForeignAwait.Register(_frame, AmbientContext.Flowing(continuation));

    /// <inheritdoc cref="CoroutineAwaiter.UnsafeOnCompleted"/>
    public void UnsafeOnCompleted(Action continuation) => ForeignAwait.Register(_frame, continuation);
}
