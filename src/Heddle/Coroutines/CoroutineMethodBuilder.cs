using System.ComponentModel;
using System.Runtime.CompilerServices;

namespace Heddle.LowLevel;

/// <summary>What the compiler calls in an <c>async Coroutine</c> method. Not for your code.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public struct CoroutineMethodBuilder
{
    private AsyncFrame<Nothing> _frame;

    /// <summary>1. A builder for one call.</summary>
    public static CoroutineMethodBuilder Create() => default;

    /// <summary>2. Moves the state machine into its frame; runs none of it, because a coroutine is cold.</summary>
    /// <param name="stateMachine">The compiler's local copy.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Start<TStateMachine>(ref TStateMachine stateMachine)
        where TStateMachine : IAsyncStateMachine
    {
        // This builder is a field of the state machine: it must know its frame before the copy is made.
        var frame = AsyncFrame<TStateMachine, Nothing>.Rent();
        _frame = frame;
        frame.StateMachine = stateMachine;
    }

    /// <summary>3. What the method returns.</summary>
    public readonly Coroutine Task => new(_frame);

    /// <summary>4. The body awaits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void AwaitOnCompleted<TAwaiter, TStateMachine>(ref TAwaiter awaiter, ref TStateMachine stateMachine)
        where TAwaiter : INotifyCompletion
        where TStateMachine : IAsyncStateMachine
        => AwaitDispatch.Await(_frame, ref awaiter);

    /// <summary>4. The body awaits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void AwaitUnsafeOnCompleted<TAwaiter, TStateMachine>(ref TAwaiter awaiter, ref TStateMachine stateMachine)
        where TAwaiter : ICriticalNotifyCompletion
        where TStateMachine : IAsyncStateMachine
        => AwaitDispatch.Await(_frame, ref awaiter);

    /// <summary>5. The body returned.</summary>
    public readonly void SetResult() => _frame.Status = FrameStatus.Returned;

    /// <summary>5. The body threw.</summary>
    public readonly void SetException(Exception exception) => _frame.Fail(exception);

    /// <summary>Required by the pattern; the frame holds the state machine already.</summary>
    public readonly void SetStateMachine(IAsyncStateMachine stateMachine)
    {
    }
}
