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
            _moving = inner.MoveNextAsync().AsTask();
            return await _moving.OrCanceled();
        }
    }
}
