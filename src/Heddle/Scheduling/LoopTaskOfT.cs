using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Heddle
{
    /// <summary>A task that ends with a value.</summary>
    /// <inheritdoc cref="LoopTask" path="/remarks"/>
    public sealed class LoopTask<T> : LoopTask
    {
        private T _result = default!;

        internal LoopTask(string? name)
            : base(name)
        {
        }

        /// <summary>What it ended with.</summary>
        /// <remarks>Never blocks: await the task instead of asking a running one.</remarks>
        /// <exception cref="InvalidOperationException">It has not completed.</exception>
        /// <exception cref="LoopTaskCanceledException">It was cancelled.</exception>
        public T Result
        {
            get
            {
                if (!IsCompleted)
                {
                    throw new InvalidOperationException($"{Describe()} has not completed, so it has no result. Await it.");
                }

                if (IsCanceled)
                {
                    throw new LoopTaskCanceledException(this);
                }

                if (CapturedFailure is { } failure)
                {
                    MarkObserved();
                    failure.Throw();
                }

                return _result;
            }
        }

        internal T Value => _result;

        /// <inheritdoc cref="LoopTask.AsTask"/>
        public new Task<T> AsTask()
        {
            var completion = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
            TellEnd(ended =>
            {
                if (((LoopTask<T>)ended).Unsuccess is { } failure)
                {
                    completion.SetException(failure);
                }
                else
                {
                    completion.SetResult(((LoopTask<T>)ended)._result);
                }
            });
            return completion.Task;
        }

        internal override object? ResultOrNull => IsCompletedSuccessfully ? _result : null;

        internal Outcome<T> ToOutcomeOfT()
        {
            var outcome = ToOutcome();
            return outcome.IsSuccess ? new(_result) : new(outcome);
        }

        /// <summary>Used by the compiler.</summary>
        /// <exception cref="InvalidOperationException">No task runs on this thread.</exception>
        [EditorBrowsable(EditorBrowsableState.Never)]
        public new LowLevel.LoopTaskAwaiter<T> GetAwaiter() => new(Join());

        private protected override object? ResultOf(Frame root) => Unsafe.As<Frame<T>>(root).Value;

        private protected override void TakeResult(Frame root)
        {
            if (root.Status == FrameStatus.Returned && root.Home is { } home && home.AreOf(Loop.OwnThread))
            {
                var body = Unsafe.As<AsyncFrame<T>>(root);
                _result = body.Value;
                body.RecycleReturned(home);
                return;
            }

            if (root.HasSucceeded)
            {
                _result = Unsafe.As<Frame<T>>(root).Value;
            }

            base.TakeResult(root);
        }
    }
}

namespace Heddle.LowLevel
{
    /// <summary>Awaits a <see cref="LoopTask{T}"/>. Used by the compiler.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public readonly struct LoopTaskAwaiter<T> : ICriticalNotifyCompletion, ICoroutineAwaiter
    {
        private readonly JoinFrame _frame;

        internal LoopTaskAwaiter(JoinFrame frame) => _frame = frame;

        /// <inheritdoc cref="CoroutineAwaiter.IsCompleted"/>
        public bool IsCompleted => false;

        /// <inheritdoc cref="CoroutineAwaiter{T}.GetResult"/>
        [StackTraceHidden]
        public T GetResult()
        {
            if (_frame.Status != FrameStatus.Succeeded)
            {
                _frame.ThrowFailure();
            }

            var task = Unsafe.As<LoopTask<T>>(_frame.Task);
            _frame.Recycle();
            return task.Value;
        }

        /// <inheritdoc cref="CoroutineAwaiter.OnCompleted"/>
        public void OnCompleted(Action continuation) => ForeignAwait.Register(_frame, AmbientContext.Flowing(continuation));

        /// <inheritdoc cref="CoroutineAwaiter.OnCompleted"/>
        public void UnsafeOnCompleted(Action continuation) => ForeignAwait.Register(_frame, continuation);
    }
}
