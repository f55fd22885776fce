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

            // An enumerator must not be disposed of while it moves.
            _ = DisposeAfterAsync(moving);
            return default;
        }

        private async Coroutine<bool> MoveAsync()
        {
            _moving = inner.MoveNextAsync().AsTask();
            return await _moving.OrCanceled();
        }

        private async Task DisposeAfterAsync(Task moving)
        {
            await moving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            try
            {
                await inner.DisposeAsync().ConfigureAwait(false);
            }
            catch (Exception failure)
            {
                loop.Post(static s => s.Loop.Report(LoopReports.CallbackFailed(null, s.Failure)), (Loop: loop, Failure: failure));
            }
        }
    }
}
