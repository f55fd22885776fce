using System.ComponentModel;

namespace Heddle;

/// <content>Taking items out until there will be no more.</content>
public abstract partial class AsyncQueueBase<T>
{
    /// <summary>For <c>await foreach</c>: takes items out until the queue is shut down and empty. Several loops can share one queue.</summary>
    /// <remarks>Does not call <see cref="TaskDone"/>. Leaving the loop early leaves the other items in the queue.</remarks>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public Enumerator GetAsyncEnumerator() => new(this);

    IAsyncEnumerator<T> IAsyncEnumerable<T>.GetAsyncEnumerator(CancellationToken cancellationToken)
    {
        // The loop knows no tokens: what a token cancels is a scope, so it belongs around the loop.
        cancellationToken.ThrowIfCancellationRequested();
        return new Enumerator(this);
    }

    /// <summary>Used by the compiler.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public sealed class Enumerator : IAsyncEnumerator<T>
    {
        private readonly AsyncQueueBase<T> _queue;

        internal Enumerator(AsyncQueueBase<T> queue) => _queue = queue;

        /// <summary>The item that was taken out last.</summary>
        public T Current { get; private set; } = default!;

        /// <summary>Takes the next item out; false if there will be none.</summary>
        public async Coroutine<bool> MoveNextAsync()
        {
            // Whoever has had it may have let it go, and the wait may be long.
            Current = default!;
            try
            {
                Current = await _queue.GetAsync();
                return true;
            }
            catch (QueueShutdownException) when (_queue is { IsShutdown: true, IsEmpty: true })
            {
                return false;
            }
        }

        /// <summary>Nothing is to be done.</summary>
        public Coroutine DisposeAsync() => default;

        ValueTask<bool> IAsyncEnumerator<T>.MoveNextAsync() => MoveNextAsync().AsValueTask();

        ValueTask IAsyncDisposable.DisposeAsync() => default;
    }
}
