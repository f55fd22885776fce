using System.ComponentModel;

namespace Heddle;

/// <content>For those that only look at what it yields.</content>
public partial class AsyncGenerator<TYield, TSend, TReturn> : IAsyncEnumerable<TYield>
{
    /// <summary>For <c>await foreach</c>: goes on from where the generator stands, and closes it when the loop is left.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public Enumerator GetAsyncEnumerator() => new(this);

    IAsyncEnumerator<TYield> IAsyncEnumerable<TYield>.GetAsyncEnumerator(CancellationToken cancellationToken)
    {
        // The body knows no tokens: what a token cancels is a scope, so it belongs around the loop.
        cancellationToken.ThrowIfCancellationRequested();
        return new Enumerator(this);
    }

    /// <summary>Used by the compiler.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public readonly struct Enumerator : IAsyncEnumerator<TYield>
    {
        private readonly AsyncGenerator<TYield, TSend, TReturn> _generator;

        internal Enumerator(AsyncGenerator<TYield, TSend, TReturn> generator) => _generator = generator;

        /// <summary>What the generator yielded last.</summary>
        public TYield Current => _generator.Current;

        /// <summary>Runs the generator to its next yield; false if it has ended.</summary>
        public Coroutine<bool> MoveNextAsync() => _generator.MoveNextAsync();

        /// <summary>Closes the generator.</summary>
        public Coroutine DisposeAsync() => _generator.State == GeneratorState.Closed ? default : _generator.DisposeQuietlyAsync();

        ValueTask<bool> IAsyncEnumerator<TYield>.MoveNextAsync() => MoveNextAsync().AsValueTask();

        ValueTask IAsyncDisposable.DisposeAsync() => _generator.DisposeAsync();
    }
}
