namespace Heddle;

/// <summary>That of an asynchronous generator with a result.</summary>
internal sealed class AsyncGeneratorBody<TYield, TSend, TReturn>(Delegate body) : AsyncGeneratorBody<TYield, TSend>
{
    private GeneratorFunction<TYield, TSend, TReturn> _function = new(body);

    internal TReturn Result => _function.Result;

    internal bool HasResult => _function.HasResult;

    internal override string Describe() => "an asynchronous generator";

    private protected override Frame Call() => _function.Call(this);

    private protected override void KeepResult(Frame root) => _function.KeepResult(root);

    private protected override void Forget() => _function.Forget();
}
