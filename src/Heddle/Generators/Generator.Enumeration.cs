using System.Collections;
using System.ComponentModel;

namespace Heddle;

/// <content>For those that only look at what it yields.</content>
public partial class Generator<TYield, TSend, TReturn> : IEnumerable<TYield>
{
    /// <summary>For <c>foreach</c>: goes on from where the generator stands, and closes it when the loop is left.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public Enumerator GetEnumerator() => new(this);

    IEnumerator<TYield> IEnumerable<TYield>.GetEnumerator() => GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Used by the compiler.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public struct Enumerator : IEnumerator<TYield>
    {
        private readonly Generator<TYield, TSend, TReturn> _generator;
        private TYield _current = default!;

        internal Enumerator(Generator<TYield, TSend, TReturn> generator) => _generator = generator;

        /// <summary>What the generator yielded last.</summary>
        public readonly TYield Current => _current;

        readonly object? IEnumerator.Current => _current;

        /// <summary>Runs the generator to its next yield; false if it has ended.</summary>
        public bool MoveNext() => _generator.TryNext(out _current!);

        /// <summary>Closes the generator.</summary>
        public readonly void Dispose() => _generator.Dispose();

        /// <summary>Not supported: a generator runs once.</summary>
        readonly void IEnumerator.Reset() => throw new NotSupportedException("A generator runs once. Make another one.");
    }
}
