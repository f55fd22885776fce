using System.ComponentModel;

namespace Heddle;

/// <content>Reading to the end, piece by piece.</content>
public sealed partial class ByteReader
{
    /// <summary>For <c>await foreach</c>: the stream in the pieces in which it comes, to its end.</summary>
    /// <remarks>A piece is valid until the next one is asked for; what is not looked at of it counts as read.</remarks>
    public Pieces<ReadOnlyMemory<byte>> ReadChunksAsync() => new(new Chunks(this));

    /// <summary>For <c>await foreach</c>: the stream in lines of UTF-8, without their ends, to its end.</summary>
    /// <param name="limit">The most bytes of a line, its end included.</param>
    public Pieces<string> ReadLinesAsync(int limit = DefaultLimit) => new(new Lines(this, limit));

    /// <summary>What <c>await foreach</c> goes over. Leaving the loop early leaves the rest in the reader.</summary>
    public readonly struct Pieces<T> : IAsyncEnumerable<T>
    {
        private readonly Enumerator<T> _enumerator;

        internal Pieces(Enumerator<T> enumerator) => _enumerator = enumerator;

        /// <summary>Used by the compiler.</summary>
        [EditorBrowsable(EditorBrowsableState.Never)]
        public Enumerator<T> GetAsyncEnumerator() => _enumerator;

        IAsyncEnumerator<T> IAsyncEnumerable<T>.GetAsyncEnumerator(CancellationToken cancellationToken)
        {
            // The loop knows no tokens: what a token cancels is a scope, so it belongs around the loop.
            cancellationToken.ThrowIfCancellationRequested();
            return _enumerator;
        }
    }

    /// <summary>Used by the compiler.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public abstract class Enumerator<T> : IAsyncEnumerator<T>
    {
        private protected Enumerator()
        {
        }

        /// <summary>The last piece.</summary>
        public T Current { get; private protected set; } = default!;

        /// <summary>Reads the next piece; false at the end.</summary>
        public abstract Coroutine<bool> MoveNextAsync();

        /// <summary>Nothing is to be done.</summary>
        public virtual Coroutine DisposeAsync() => default;

        ValueTask<bool> IAsyncEnumerator<T>.MoveNextAsync() => MoveNextAsync().AsValueTask();

        ValueTask IAsyncDisposable.DisposeAsync() => DisposeAsync().AsValueTask();
    }

    private sealed class Chunks(ByteReader reader) : Enumerator<ReadOnlyMemory<byte>>
    {
        public override async Coroutine<bool> MoveNextAsync()
        {
            reader.BeginReading();
            GiveUpLast();
            if (reader.Buffered == 0 && await reader.FillAsync() == 0)
            {
                return false;
            }

            Current = reader.Lend();
            return true;
        }

        public override Coroutine DisposeAsync()
        {
            if (reader._waiting is null)
            {
                GiveUpLast();
            }

            return default;
        }

        /// <summary>Frees the buffer, if nothing unread is in it.</summary>
        private void GiveUpLast()
        {
            Current = default;
            reader.Consume(0);
        }
    }

    private sealed class Lines(ByteReader reader, int limit) : Enumerator<string>
    {
        public override async Coroutine<bool> MoveNextAsync()
        {
            if (await reader.ReadLineAsync(limit) is not { } line)
            {
                return false;
            }

            Current = line;
            return true;
        }
    }
}
