using System.Text;
using WikiPath.Cache;
using WikiPath.MediaWiki;

namespace WikiPath.Cli;

/// <summary>What surrounds the program: its streams, and where its requests go.</summary>
public sealed class CliHost
{
    public required TextWriter Out { get; init; }

    public required TextWriter Error { get; init; }

    /// <summary>Whether a person reads the output; else it is plain text, a path a line.</summary>
    public bool OutIsTerminal { get; init; }

    /// <summary>Whether a person reads the messages; only then is there progress.</summary>
    public bool ErrorIsTerminal { get; init; }

    /// <summary>Whether colours are welcome on a terminal.</summary>
    public bool Colors { get; init; }

    /// <summary>Whom Wikimedia may write to about this program's requests.</summary>
    public string? Contact { get; init; }

    /// <summary>Stands in for the network; null for the network itself.</summary>
    public HttpMessageHandler? Network { get; init; }

    /// <summary>The cache's file unless the user names another; null to do without.</summary>
    public string? Cache { get; init; }

    /// <summary>How many columns the terminal has now.</summary>
    public Func<int> Width { get; init; } = () => 80;

    public RetryPolicy Retries { get; init; } = new();

    /// <summary>The process's own surroundings.</summary>
    public static CliHost OfProcess()
    {
        if (OperatingSystem.IsWindows()) Console.OutputEncoding = Encoding.UTF8;
        var isDumb = Environment.GetEnvironmentVariable("TERM") == "dumb";
        return new CliHost
        {
            Out = new OutputWriter(Console.Out, isNeeded: true),
            Error = new OutputWriter(Console.Error, isNeeded: false),
            OutIsTerminal = !Console.IsOutputRedirected && !isDumb,
            ErrorIsTerminal = !Console.IsErrorRedirected && !isDumb,
            Colors = string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR")) && !isDumb,
            Cache = CacheLocation.OfUser(),
            Width = TerminalWidth,
            Contact = Environment.GetEnvironmentVariable("WIKIPATH_CONTACT"),
        };
    }

    // Zero, or an exception, where a terminal does not say.
    static int TerminalWidth()
    {
        try
        {
            return Console.WindowWidth is > 0 and var width ? width : 80;
        }
        catch (IOException)
        {
            return 80;
        }
    }
}
