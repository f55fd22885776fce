using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Heddle
{
    /// <summary>What a generator's body yields by. It is good in that body, and in the coroutines that the body awaits and passes it to.</summary>
    public readonly partial struct GeneratorHandle<TYield, TSend>
    {
        private readonly GeneratorPort<TYield, TSend> _port;

        internal GeneratorHandle(GeneratorPort<TYield, TSend> port) => _port = port;

        /// <summary>Gives the value to the caller and waits for what the caller sends; await it at once.</summary>
        /// <returns>What was sent; the default value after <c>Next</c> or in a <c>foreach</c>.</returns>
        /// <exception cref="GeneratorExitException">The generator is being closed.</exception>
        /// <exception cref="InvalidOperationException">It was awaited outside of the body that the handle belongs to.</exception>
        public LowLevel.YieldAwaitable<TYield, TSend> Yield(TYield value) => new(_port, value);

        /// <summary>Yields all that the other one yields; what is sent and thrown goes to that one. The counterpart of <c>yield from</c>.</summary>
        /// <remarks>
        /// A step costs the same however many generators delegate to each other. Closing reaches the inner one first. It
        /// remains a generator of its own, which may have been started before; one that has ended yields nothing and
        /// returns the default value.
        /// </remarks>
        /// <returns>What the other one returned.</returns>
        /// <exception cref="InvalidOperationException">The other one is running, or was sent a value that it cannot take.</exception>
        public Coroutine<TReturn> YieldFrom<TInnerSend, TReturn>(Generator<TYield, TInnerSend, TReturn> inner)
        {
            ArgumentNullException.ThrowIfNull(inner);
            return _port.IsInTasks ? YieldEachOf(inner) : new(new Delegation<TYield, TInnerSend, TReturn>(_port, inner.Body, inner));
        }

        /// <summary>Yields the items of a sequence, which takes nothing that is sent: a value sent meanwhile is an error in the body.</summary>
        public Coroutine YieldFrom(IEnumerable<TYield> items)
        {
            ArgumentNullException.ThrowIfNull(items);
            return _port.IsInTasks ? YieldEachOf(items) : new(new EnumerableDelegation<TYield>(_port, items));
        }
    }
}

namespace Heddle.LowLevel
{
    /// <summary>What <see cref="GeneratorHandle{TYield, TSend}.Yield"/> returns; await it at once.</summary>
    public readonly struct YieldAwaitable<TYield, TSend>
    {
        private readonly GeneratorPort<TYield, TSend> _port;
        private readonly TYield _value;

        internal YieldAwaitable(GeneratorPort<TYield, TSend> port, TYield value)
        {
            _port = port;
            _value = value;
        }

        /// <summary>Used by the compiler.</summary>
        [EditorBrowsable(EditorBrowsableState.Never)]
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public YieldAwaiter<TYield, TSend> GetAwaiter()
        {
            _port.Yielded = _value;
            _port.Sent = default!;
            return new(_port);
        }
    }

    /// <summary>Awaits a <see cref="YieldAwaitable{TYield, TSend}"/>. Used by the compiler.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public readonly struct YieldAwaiter<TYield, TSend> : ICriticalNotifyCompletion, ICoroutineAwaiter
    {
        private readonly GeneratorPort<TYield, TSend> _port;

        internal YieldAwaiter(GeneratorPort<TYield, TSend> port) => _port = port;

        /// <summary>Always false.</summary>
        public bool IsCompleted => false;

        /// <summary>Ends the await: returns what was sent, or throws what was thrown.</summary>
        [StackTraceHidden]
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TSend GetResult()
        {
            if (_port.Thrown is not null)
            {
                _port.ThrowIntoBody();
            }

            return _port.Sent;
        }

        /// <summary>For other builders: the await throws, since only a generator's own body can yield.</summary>
        public void OnCompleted(Action continuation) => UnsafeOnCompleted(continuation);

        /// <inheritdoc cref="OnCompleted"/>
        public void UnsafeOnCompleted(Action continuation)
        {
            ArgumentNullException.ThrowIfNull(continuation);
            _port.Thrown = GeneratorErrors.NotItsBody();
            continuation();
        }
    }
}
