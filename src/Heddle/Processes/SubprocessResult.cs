using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Heddle;

/// <summary>What a process came to that has ended: how it ended, and what it has written.</summary>
[DebuggerDisplay("{ToString(),nq}")]
public sealed class SubprocessResult
{
    /// <summary>How much of the error output stands in a failure's message.</summary>
    private const int MostQuoted = 500;

    private readonly string _fileName;

    internal SubprocessResult(string fileName, ExitStatus status, byte[] output, byte[] error)
    {
        _fileName = fileName;
        Status = status;
        Output = output;
        Error = error;
    }

    /// <summary>How it ended.</summary>
    public ExitStatus Status { get; }

    /// <summary>Its exit code; 128 and the signal's number if a signal ended it.</summary>
    public int ExitCode => Status.Code;

    /// <summary>What it has written to its standard output, if that was a pipe.</summary>
    public ReadOnlyMemory<byte> Output { get; }

    /// <summary>What it has written to its error output, if that was a pipe of its own.</summary>
    public ReadOnlyMemory<byte> Error { get; }

    /// <summary>The <see cref="Output"/> as text (UTF-8), decoded anew each time.</summary>
    public string OutputText => Encoding.UTF8.GetString(Output.Span);

    /// <summary>The <see cref="Error"/> as text (UTF-8), decoded anew each time.</summary>
    public string ErrorText => Encoding.UTF8.GetString(Error.Span);

    /// <summary>Returns this if the process ended with zero.</summary>
    /// <exception cref="SubprocessException">It did not. The message quotes the end of its error output.</exception>
    public SubprocessResult EnsureSuccess()
    {
        if (Status.IsSuccess)
        {
            return this;
        }

        var said = ErrorText.Trim();
        said = said.Length == 0 ? "It wrote nothing to its error output."
            : $"It says: {(said.Length > MostQuoted ? "…" : "")}{said[Math.Max(0, said.Length - MostQuoted)..]}";
        throw new SubprocessException($"'{_fileName}' failed ({Status}). {said}", _fileName) { Status = Status };
    }

    /// <summary>The program, how it ended, and how much it wrote.</summary>
    public override string ToString()
        => string.Create(CultureInfo.InvariantCulture, $"{_fileName} ({Status}, {Output.Length} bytes of output, {Error.Length} of errors)");
}
