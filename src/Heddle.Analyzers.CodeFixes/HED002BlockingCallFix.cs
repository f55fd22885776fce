namespace Heddle.Analyzers;

/// <summary>Awaits the twin of a blocking call.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
[Shared]
public sealed class HED002BlockingCallFix() : HeddleCodeFix("HED002")
{
    private protected override IEnumerable<Fix> Fixes(SyntaxNode place, Diagnostic diagnostic, SemanticModel model)
    {
        if (place is ExpressionSyntax blocking
            && Awaiting.IsPossibleAt(blocking)
            && Enum.TryParse<BlockingTwin>(diagnostic.Properties[HED002BlockingCallAnalyzer.TwinKey], out var twin)
            && Twin(twin, blocking, model) is { } awaited)
        {
            yield return new("await", "Await its twin", blocking, Awaiting.AwaitInPlaceOf(blocking, awaited));
        }
    }

    private static ExpressionSyntax? Twin(BlockingTwin twin, ExpressionSyntax blocking, SemanticModel model) => twin switch
    {
        BlockingTwin.Delay => Delay(((InvocationExpressionSyntax)blocking).ArgumentList.Arguments[0].Expression, model),
        BlockingTwin.AwaitReceiver => Receiver(blocking, model),
        BlockingTwin.AwaitArgument => Coroutine((InvocationExpressionSyntax)blocking, model),
        BlockingTwin.WhenAll => WhenAll((InvocationExpressionSyntax)blocking, model),
        BlockingTwin.AsyncMethod => AsyncMethod.TwinOf((InvocationExpressionSyntax)blocking, model),
        BlockingTwin.PoolThread => Awaiting.Call(
            Awaiting.Member(Awaiting.TypeNamed("Heddle.Coroutine"), "ToThread"),
            ParenthesizedLambdaExpression(blocking.WithoutTrivia())),
        _ => null,
    };

    internal static ExpressionSyntax Delay(ExpressionSyntax duration, SemanticModel model)
    {
        var span = model.GetTypeInfo(duration).ConvertedType?.SpecialType == SpecialType.System_Int32
            ? Awaiting.Call(Awaiting.Member(Awaiting.TypeNamed("System.TimeSpan"), "FromMilliseconds"), duration.WithoutTrivia())
            : duration.WithoutTrivia();
        return Awaiting.Call(Awaiting.Member(Awaiting.TypeNamed("Heddle.Coroutine"), "Delay"), span);
    }

    /// <summary>What stands before <c>.Result</c>, <c>.Wait()</c> or <c>.GetAwaiter().GetResult()</c>.</summary>
    private static ExpressionSyntax? Receiver(ExpressionSyntax blocking, SemanticModel model)
    {
        var task = blocking;
        while (task is InvocationExpressionSyntax
            {
                Expression: MemberAccessExpressionSyntax { Name.Identifier.Text: "Wait" or "GetResult" or "GetAwaiter" or "ConfigureAwait" } called,
            })
        {
            task = called.Expression;
        }

        if (task is MemberAccessExpressionSyntax { Name.Identifier.Text: "Result" } read && task == blocking)
        {
            task = read.Expression;
        }

        return task == blocking ? null
            : model.GetTypeInfo(task).Type is { Name: "Coroutine" } ? task
            : Awaiting.OrCanceled(task);
    }

    /// <summary>The coroutine of a loop that would be run inside another; not one that is told how to run.</summary>
    private static ExpressionSyntax? Coroutine(InvocationExpressionSyntax run, SemanticModel model) =>
        run.OnlyArgument() is { } coroutine && model.GetTypeInfo(coroutine).Type is { Name: "Coroutine" }
            ? coroutine
            : null;

    private static ExpressionSyntax? WhenAll(InvocationExpressionSyntax waitAll, SemanticModel model) =>
        model.GetSymbolInfo(waitAll).Symbol is IMethodSymbol { Parameters.Length: 1 }
            && waitAll.Expression is MemberAccessExpressionSyntax called
                ? Awaiting.OrCanceled(waitAll.WithExpression(called.WithName(IdentifierName("WhenAll"))))
                : null;
}
