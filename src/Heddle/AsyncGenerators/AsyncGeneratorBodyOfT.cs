using System.Runtime.CompilerServices;

namespace Heddle;

/// <summary>That of an asynchronous generator with a result.</summary>
internal sealed class AsyncGeneratorBody<TYield, TSend, TReturn>(Delegate body) : AsyncGeneratorBody<TYield, TSend>
{
    /// <summary>The function to call when it begins, of one of the two types that <see cref="Call"/> knows; null from then on.</summary>
    private Delegate? _body = body;

    internal TReturn Result { get; private set; } = default!;

    internal bool HasResult { get; private set; }

    internal override string Describe() => "an asynchronous generator";

    private protected override Frame Call()
    {
        var body = _body!;
        _body = null;
        var handle = new GeneratorHandle<TYield, TSend>(this);
        return body is Func<GeneratorHandle<TYield, TSend>, Coroutine<TReturn>> withResult
            ? withResult(handle).Take()
            : ((Func<GeneratorHandle<TYield, TSend>, Coroutine>)body)(handle).Take();
    }

    private protected override void KeepResult(Frame root)
    {
        HasResult = true;
        if (typeof(TReturn) != typeof(Nothing))
        {
            Result = Unsafe.As<Frame<TReturn>>(root).Value;
        }
    }

    private protected override void Forget() => _body = null;
}
