namespace Heddle;

/// <summary>A generator that only yields.</summary>
/// <inheritdoc cref="Generator{TYield, TSend, TReturn}" path="/remarks"/>
/// <typeparam name="TYield">What it yields.</typeparam>
public sealed class Generator<TYield> : Generator<TYield, Nothing>
{
    /// <inheritdoc cref="Generator{TYield, TSend, TReturn}(Func{GeneratorHandle{TYield, TSend}, Coroutine{TReturn}})"/>
    public Generator(Func<GeneratorHandle<TYield, Nothing>, Coroutine> body)
        : base(body)
    {
    }

    /// <inheritdoc/>
    public override Generator<TYield> Prime()
    {
        Next();
        return this;
    }
}
