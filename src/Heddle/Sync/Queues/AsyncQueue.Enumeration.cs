using System.ComponentModel;

namespace Heddle;

/// <content>Taking items out until there will be no more.</content>
public partial class AsyncQueue<T>
{
    /// <summary>For <c>await foreach</c>: takes items out until the queue is shut down and empty. Several loops can share one queue.</summary>
    /// <remarks>Does not call <see cref="TaskDone"/>. Leaving the loop early leaves the other items in the queue.</remarks>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public Enumerator GetAsyncEnumerator() => new(this);

    IAsyncEnumerator<T> IAsyncEnumerable<T>.GetAsyncEnumerator(CancellationToken cancellationToken) => new Enumerator(this, cancellationToken);

    /// <summary>Used by the compiler.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public sealed class Enumerator : IAsyncEnumerator<T>
    {
        private readonly AsyncQueue<T> _queue;
        private readonly CancellationToken _token;

        internal Enumerator(AsyncQueue<T> queue, CancellationToken token = default)
        {
            _queue = queue;
            _token = token;
        }

        /// <summary>The item that was taken out last.</summary>
        public T Current { get; private set; } = default!;

        /// <summary>Takes the next item out; false if there will be none.</summary>
        /// <exception cref="OperationCanceledException">The token of the enumeration was cancelled; no item was taken.</exception>
        public async Coroutine<bool> MoveNextAsync()
        {
            // The last one may be large, and the wait for the next one long.
            Current = default!;
            try
            {
                Current = _token.CanBeCanceled
                    ? await CancelScope.WithTokenAsync(_token, _ => _queue.GetAsync())
                    : await _queue.GetAsync();
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
