using System.ComponentModel;
using System.Runtime.CompilerServices;

namespace Heddle;

/// <content>For those that only look at what it yields.</content>
public partial class AsyncGenerator<TYield, TSend, TReturn> : IAsyncEnumerable<TYield>
{
    /// <summary>For <c>await foreach</c>: goes on from where the generator stands, and closes it when the loop is left.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public Enumerator GetAsyncEnumerator() => new(this);

    /// <summary>For <c>await foreach</c> by code that does not care where it goes on.</summary>
    /// <remarks>Here, as it is both a sequence and disposable, and .NET has an extension of this name for each.</remarks>
    public ConfiguredCancelableAsyncEnumerable<TYield> ConfigureAwait(bool continueOnCapturedContext)
        => TaskAsyncEnumerableExtensions.ConfigureAwait((IAsyncEnumerable<TYield>)this, continueOnCapturedContext);

    IAsyncEnumerator<TYield> IAsyncEnumerable<TYield>.GetAsyncEnumerator(CancellationToken cancellationToken)
        => new Enumerator(this, cancellationToken);

    /// <summary>Used by the compiler.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public readonly struct Enumerator : IAsyncEnumerator<TYield>
    {
        private readonly AsyncGenerator<TYield, TSend, TReturn> _generator;
        private readonly CancellationToken _token;

        internal Enumerator(AsyncGenerator<TYield, TSend, TReturn> generator, CancellationToken token = default)
        {
            _generator = generator;
            _token = token;
        }

        /// <summary>What the generator yielded last.</summary>
        public TYield Current => _generator.Current;

        /// <summary>Runs the generator to its next yield; false if it has ended.</summary>
        /// <exception cref="OperationCanceledException">The token of the enumeration was cancelled; the body was, if it was running.</exception>
        public Coroutine<bool> MoveNextAsync()
        {
            var generator = _generator;
            return _token.CanBeCanceled
                ? CancelScope.WithTokenAsync(_token, _ => generator.MoveNextAsync())
                : generator.MoveNextAsync();
        }

        /// <summary>Closes the generator.</summary>
        public Coroutine DisposeAsync() => _generator.State == GeneratorState.Closed ? default : _generator.DisposeQuietlyAsync();

        ValueTask<bool> IAsyncEnumerator<TYield>.MoveNextAsync() => MoveNextAsync().AsValueTask();

        ValueTask IAsyncDisposable.DisposeAsync() => _generator.DisposeAsync().AsValueTask();
    }
}
