namespace Heddle;

/// <summary>A generator on the event loop that only yields.</summary>
/// <inheritdoc cref="AsyncGenerator{TYield, TSend, TReturn}" path="/remarks"/>
/// <typeparam name="TYield">What it yields.</typeparam>
public sealed class AsyncGenerator<TYield> : AsyncGenerator<TYield, Nothing>
{
    /// <inheritdoc cref="AsyncGenerator{TYield, TSend, TReturn}(Func{GeneratorHandle{TYield, TSend}, Coroutine{TReturn}})"/>
    public AsyncGenerator(Func<GeneratorHandle<TYield, Nothing>, Coroutine> body)
        : base(body)
    {
    }
}
