using System.Runtime.CompilerServices;

namespace Heddle;

/// <summary>The function that is a generator's body: to be called once, and what it returned in the end.</summary>
/// <param name="body">Of one of the two types that <see cref="Call"/> knows.</param>
internal struct GeneratorFunction<TYield, TSend, TReturn>(Delegate body)
{
    private Delegate? _body = body;

    internal TReturn Result { get; private set; } = default!;

    internal bool HasResult { get; private set; }

    /// <summary>The cold frame of the body.</summary>
    internal Frame Call(GeneratorPort<TYield, TSend> port)
    {
        var body = _body!;
        _body = null;
        var handle = new GeneratorHandle<TYield, TSend>(port);
        return body is Func<GeneratorHandle<TYield, TSend>, Coroutine<TReturn>> withResult
            ? withResult(handle).Take()
            : ((Func<GeneratorHandle<TYield, TSend>, Coroutine>)body)(handle).Take();
    }

    /// <summary>The body has returned.</summary>
    internal void KeepResult(Frame root)
    {
        HasResult = true;
        if (typeof(TReturn) != typeof(Nothing))
        {
            Result = Unsafe.As<Frame<TReturn>>(root).Value;
        }
    }

    /// <summary>It is not to be called any more.</summary>
    internal void Forget() => _body = null;
}
