using System.ComponentModel;

namespace Heddle;

/// <content>The body as a sequence.</content>
public sealed partial class LoopHttpResponse
{
    /// <summary>What <c>await foreach</c> goes over.</summary>
    public readonly struct Pieces<T> : IAsyncEnumerable<T>
    {
        private readonly Func<IPieceReader<T>> _open;

        internal Pieces(Func<IPieceReader<T>> open) => _open = open;

        /// <summary>Used by the compiler.</summary>
        [EditorBrowsable(EditorBrowsableState.Never)]
        public Enumerator<T> GetAsyncEnumerator() => new(_open(), CancellationToken.None);

        IAsyncEnumerator<T> IAsyncEnumerable<T>.GetAsyncEnumerator(CancellationToken cancellationToken)
            => new Enumerator<T>(_open(), cancellationToken);
    }

    /// <summary>Used by the compiler.</summary>
    /// <remarks>Pieces that are there are given out without a wait, and yet others get their turn.</remarks>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public sealed class Enumerator<T> : IAsyncEnumerator<T>
    {
        private readonly IPieceReader<T> _reader;
        private readonly CancellationToken _token;
        private int _inARow;

        internal Enumerator(IPieceReader<T> reader, CancellationToken token)
        {
            _reader = reader;
            _token = token;
        }

        /// <summary>The last piece.</summary>
        public T Current => _reader.Current;

        /// <summary>Reads the next piece; false at the end.</summary>
        public async Coroutine<bool> MoveNextAsync()
        {
            LoopTask.CurrentOrThrow().ThrowIfCanceled();
            if (_token.CanBeCanceled)
            {
                return await CancelScope.WithTokenAsync(_token, _ => MoveAsync());
            }

            if (++_inARow > PiecesPerTurn)
            {
                _inARow = 0;
                await Coroutine.Yield();
            }

            if (_reader.TryMove() is { } isThere)
            {
                return isThere;
            }

            _inARow = 0;
            return await _reader.MoveAsync();
        }

        /// <summary>Nobody will ask for more: closes the connection, unless the body was read to its end.</summary>
        public Coroutine DisposeAsync()
        {
            _reader.Leave();
            return default;
        }

        ValueTask<bool> IAsyncEnumerator<T>.MoveNextAsync() => MoveNextAsync().AsValueTask();

        ValueTask IAsyncDisposable.DisposeAsync()
        {
            _reader.Leave();
            return default;
        }

        private async Coroutine<bool> MoveAsync()
        {
            LoopTask.CurrentOrThrow().ThrowIfCanceled();
            return _reader.TryMove() ?? await _reader.MoveAsync();
        }
    }
}
