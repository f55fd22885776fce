using System.ComponentModel;
using System.Runtime.CompilerServices;

namespace Heddle.LowLevel;

/// <summary>What the compiler calls in an <c>async Coroutine&lt;T&gt;</c> method. Not for your code.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public struct CoroutineMethodBuilder<T>
{
    private AsyncFrame<T> _frame;

    /// <inheritdoc cref="CoroutineMethodBuilder.Create"/>
    public static CoroutineMethodBuilder<T> Create() => default;

    /// <inheritdoc cref="CoroutineMethodBuilder.Start"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Start<TStateMachine>(ref TStateMachine stateMachine)
        where TStateMachine : IAsyncStateMachine
    {
        // This builder is a field of the state machine: it must know its frame before the copy is made.
        var frame = AsyncFrame<TStateMachine, T>.Rent();
        _frame = frame;
        frame.StateMachine = stateMachine;
    }

    /// <inheritdoc cref="CoroutineMethodBuilder.Task"/>
    public readonly Coroutine<T> Task => new(_frame);

    /// <inheritdoc cref="CoroutineMethodBuilder.AwaitOnCompleted"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void AwaitOnCompleted<TAwaiter, TStateMachine>(ref TAwaiter awaiter, ref TStateMachine stateMachine)
        where TAwaiter : INotifyCompletion
        where TStateMachine : IAsyncStateMachine
        => AwaitDispatch.Await(_frame, ref awaiter);

    /// <inheritdoc cref="CoroutineMethodBuilder.AwaitUnsafeOnCompleted"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void AwaitUnsafeOnCompleted<TAwaiter, TStateMachine>(ref TAwaiter awaiter, ref TStateMachine stateMachine)
        where TAwaiter : ICriticalNotifyCompletion
        where TStateMachine : IAsyncStateMachine
        => AwaitDispatch.Await(_frame, ref awaiter);

    /// <summary>5. The body returned.</summary>
    public readonly void SetResult(T result)
    {
        _frame.Value = result;
        _frame.Status = FrameStatus.Returned;
    }

    /// <inheritdoc cref="CoroutineMethodBuilder.SetException"/>
    public readonly void SetException(Exception exception) => _frame.Fail(exception);

    /// <inheritdoc cref="CoroutineMethodBuilder.SetStateMachine"/>
    public readonly void SetStateMachine(IAsyncStateMachine stateMachine)
    {
    }
}
