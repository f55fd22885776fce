using System.Globalization;
using System.Text;

namespace Heddle;

/// <summary>A process did not end in time, and was stopped. What it had written by then is kept.</summary>
public class SubprocessTimeoutException : TimeoutException
{
    internal SubprocessTimeoutException(string fileName, TimeSpan timeout, SubprocessResult partial)
        : base(string.Create(
            CultureInfo.InvariantCulture,
            $"'{fileName}' did not end within {timeout.TotalSeconds:0.###} s, and was stopped ({partial.Status}). What it had written is in the exception. "
            + $"Allow it more time, or see what it waits for; a program that asks for input gets none unless it is given some."))
    {
        FileName = fileName;
        Partial = partial;
    }

    /// <summary>The program.</summary>
    public string FileName { get; }

    /// <summary>What it had written, and how it ended when it was stopped.</summary>
    public SubprocessResult Partial { get; }

    /// <summary>What it had written to its standard output.</summary>
    public ReadOnlyMemory<byte> Output => Partial.Output;

    /// <summary>The same as text (UTF-8).</summary>
    public string OutputText => Encoding.UTF8.GetString(Output.Span);
}
