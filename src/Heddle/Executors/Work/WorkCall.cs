namespace Heddle;

/// <summary>One call of a function.</summary>
internal sealed class WorkCall<TArguments, TResult>(WorkFunction<TArguments, TResult> function, TArguments arguments) : WorkItem<TResult>
{
    public override Delegate Function => function.Function;

    public override bool TakesToken => function.TakesToken;

    public override TResult Invoke(CancellationToken cancellationToken = default) => function.Invoke(arguments, cancellationToken);

    internal override void WriteRequest(PayloadWriter writer)
    {
        FunctionKeys.Write(writer, function);
        writer.WriteByte((byte)WorkMode.Call);
        Portable.WriteArguments(writer, function.ArgumentCodec, arguments, Function);
    }

    internal override TResult ReadResult(ref PayloadReader reader) => Portable.ReadResult<TResult>(ref reader, Function);
}
