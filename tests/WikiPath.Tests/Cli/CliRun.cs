using Heddle;
using Heddle.Testing;
using WikiPath.Cli;
using WikiPath.MediaWiki;

namespace WikiPath.Tests.Cli;

/// <summary>One run of the program in virtual time, and all that it said.</summary>
sealed record CliRun(int ExitCode, string Out, string Error)
{
    public static CliRun Of(params string[] args) => Of(new Surroundings(), args);

    public static CliRun Of(Surroundings surroundings, params string[] args)
    {
        var exitCode = VirtualTime.Run(() => CliProgram.RunAsync(args, surroundings.Host));
        return new CliRun(exitCode, surroundings.Out.ToString(), surroundings.Error.ToString());
    }

    /// <summary>For what works on a thread of its own, as the cache does: virtual time would not wait for it.</summary>
    public static CliRun OnRealLoop(Surroundings surroundings, params string[] args)
    {
        var exitCode = EventLoop.Run(() => CliProgram.RunAsync(args, surroundings.Host));
        return new CliRun(exitCode, surroundings.Out.ToString(), surroundings.Error.ToString());
    }
}

/// <summary>A host whose streams can be read.</summary>
sealed class Surroundings
{
    public StringWriter Out { get; } = new() { NewLine = "\n" };

    public StringWriter Error { get; } = new() { NewLine = "\n" };

    public HttpMessageHandler? Network { get; init; }

    public bool IsTerminal { get; init; }

    public bool Colors { get; init; }

    public int Width { get; init; } = 80;

    public string? Contact { get; init; }

    public CliHost Host => new()
    {
        Out = Out,
        Error = Error,
        OutIsTerminal = IsTerminal,
        ErrorIsTerminal = IsTerminal,
        Colors = Colors,
        Network = Network,
        Contact = Contact,
        Width = () => Width,
        Retries = new RetryPolicy { Jitter = new Random(1) },
    };
}
