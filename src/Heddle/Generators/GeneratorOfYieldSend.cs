namespace Heddle;

/// <summary>A generator that yields and is sent values, and returns nothing.</summary>
/// <inheritdoc cref="Generator{TYield, TSend, TReturn}" path="/remarks"/>
/// <typeparam name="TYield">What it yields.</typeparam>
/// <typeparam name="TSend">What is sent to it.</typeparam>
public class Generator<TYield, TSend> : Generator<TYield, TSend, Nothing>
{
    /// <inheritdoc cref="Generator{TYield, TSend, TReturn}(Func{GeneratorHandle{TYield, TSend}, Coroutine{TReturn}})"/>
    public Generator(Func<GeneratorHandle<TYield, TSend>, Coroutine> body)
        : base((System.Delegate)body)
    {
    }

    /// <inheritdoc/>
    public override Generator<TYield, TSend> Prime()
    {
        Next();
        return this;
    }
}
