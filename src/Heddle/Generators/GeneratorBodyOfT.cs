namespace Heddle;

/// <summary>That of a generator with a result.</summary>
internal sealed class GeneratorBody<TYield, TSend, TReturn>(object generator, Delegate body) : GeneratorBody<TYield, TSend>
{
    private GeneratorFunction<TYield, TSend, TReturn> _function = new(body);

    internal TReturn Result => _function.Result;

    internal bool HasResult => _function.HasResult;

    /// <summary>What the caller has.</summary>
    public override string ToString() => generator.ToString()!;

    internal override string Describe() => "a generator";

    private protected override Frame Call() => _function.Call(this);

    private protected override void KeepResult(Frame root) => _function.KeepResult(root);

    private protected override void Forget() => _function.Forget();
}
