namespace Heddle;

/// <summary>A generator on the event loop that yields and is sent values, and returns nothing.</summary>
/// <inheritdoc cref="AsyncGenerator{TYield, TSend, TReturn}" path="/remarks"/>
/// <typeparam name="TYield">What it yields.</typeparam>
/// <typeparam name="TSend">What is sent to it.</typeparam>
public class AsyncGenerator<TYield, TSend> : AsyncGenerator<TYield, TSend, Nothing>
{
    /// <inheritdoc cref="AsyncGenerator{TYield, TSend, TReturn}(Func{GeneratorHandle{TYield, TSend}, Coroutine{TReturn}})"/>
    public AsyncGenerator(Func<GeneratorHandle<TYield, TSend>, Coroutine> body)
        : base((Delegate)body)
    {
    }
}
