namespace Heddle;

/// <summary>Reads a body in pieces of some kind.</summary>
internal interface IPieceReader<T>
{
    T Current { get; }

    /// <summary>Moves on without waiting; null if that cannot be done, and then <see cref="MoveAsync"/> must follow.</summary>
    bool? TryMove();

    Coroutine<bool> MoveAsync();

    /// <summary>Nobody will ask for more.</summary>
    void Leave();
}

/// <summary>A body as a sequence. Pieces that are there cost no task, and yet give other tasks their turn.</summary>
internal sealed class BodyPieces<T>(Func<IPieceReader<T>> open) : IAsyncEnumerable<T>
{
    public IAsyncEnumerator<T> GetAsyncEnumerator(CancellationToken cancellationToken = default)
        => new Enumerator(open(), cancellationToken);

    private sealed class Enumerator(IPieceReader<T> reader, CancellationToken token) : IAsyncEnumerator<T>
    {
        private int _inARow;

        public T Current => reader.Current;

        public ValueTask<bool> MoveNextAsync()
        {
            LoopTask.CurrentOrThrow().ThrowIfCanceled();
            if (token.CanBeCanceled)
            {
                return CancelScope.WithTokenAsync(token, _ => MoveAsync()).AsValueTask();
            }

            if (++_inARow > LoopHttpResponse.PiecesPerTurn)
            {
                _inARow = 0;
                return MoveInTurnAsync().AsValueTask();
            }

            return reader.TryMove() is { } isThere ? new(isThere) : reader.MoveAsync().AsValueTask();
        }

        public ValueTask DisposeAsync()
        {
            reader.Leave();
            return default;
        }

        private async Coroutine<bool> MoveInTurnAsync()
        {
            await Coroutine.Yield();
            return await MoveAsync();
        }

        private async Coroutine<bool> MoveAsync()
        {
            LoopTask.CurrentOrThrow().ThrowIfCanceled();
            return reader.TryMove() ?? await reader.MoveAsync();
        }
    }
}
