namespace Heddle.Tests.Generators.Twins;

internal sealed class ErrorA() : Exception("A");

internal sealed class ErrorB() : Exception("B");

/// <summary>The errors of both languages, by one name each.</summary>
internal static class Errors
{
    public static Exception Make(string kind) => kind switch
    {
        "A" => new ErrorA(),
        "B" => new ErrorB(),
        "exit" => new GeneratorExitException(),
        "stop" => MakeStop(),
        _ => throw new ArgumentException($"no error of the kind '{kind}'", nameof(kind)),
    };

    public static string KindOf(Exception error) => error switch
    {
        ErrorA => "A",
        ErrorB => "B",
        GeneratorExitException => "exit",
        StopIterationException => "stop",
        InvalidOperationException when error.Message.Contains("ignored its close", StringComparison.Ordinal) => "ignored",
        InvalidOperationException when error.Message.Contains("left a generator's body", StringComparison.Ordinal) => "stop left body",
        InvalidOperationException when error.Message.Contains("executed already", StringComparison.Ordinal) => "running",
        InvalidOperationException when error.Message.Contains("has not started", StringComparison.Ordinal) => "not started",
        InvalidOperationException when error.Message.Contains("takes none", StringComparison.Ordinal) => "takes no values",
        _ => $"? {error}",
    };

    private static StopIterationException MakeStop()
    {
        try
        {
            new Generator<int>(_ => default).Next();
            throw new InvalidOperationException("it yielded");
        }
        catch (StopIterationException stop)
        {
            return stop;
        }
    }
}
