namespace Heddle;

/// <summary>A foreign sequence whose waits can be abandoned.</summary>
internal sealed class AbandonableSequence<T>(IAsyncEnumerable<T> source) : IAsyncEnumerable<T>
{
    public IAsyncEnumerator<T> GetAsyncEnumerator(CancellationToken cancellationToken = default)
        => new Enumerator(EventLoop.Current, source.GetAsyncEnumerator(cancellationToken));

    private sealed class Enumerator(EventLoop loop, IAsyncEnumerator<T> inner) : IAsyncEnumerator<T>
    {
        private Task<bool>? _moving;

        public T Current => inner.Current;

        public ValueTask<bool> MoveNextAsync() => MoveAsync().AsValueTask();

        public ValueTask DisposeAsync()
        {
            if (_moving is not { IsCompleted: false } moving)
            {
                return inner.DisposeAsync();
            }

            LateEnd.DisposeAfter(moving, inner, loop);
            return default;
        }

        private async Coroutine<bool> MoveAsync()
        {
            var moving = _moving;
            if (moving is null)
            {
                // Before it takes anything, as every wait.
                LoopTask.CurrentOrThrow().ThrowIfCanceled();
                _moving = moving = inner.MoveNextAsync().AsTask();
            }

            // One that was abandoned goes on, and the next call gets what it has brought: no enumerator may be moved while it moves.
            try
            {
                var hasMoved = await moving.OrCanceled();
                _moving = null;
                return hasMoved;
            }
            catch (Exception failure) when (moving.IsCanceled || ReferenceEquals(moving.Exception?.InnerException, failure))
            {
                _moving = null;
                throw;
            }
        }
    }
}
