using System.Text;

namespace WikiPath.Cli;

/// <summary>What was to be read cannot be written: the disk is full, or the stream is closed.</summary>
sealed class OutputLostException(Exception cause) : Exception(cause.GetBaseException().Message, cause);

/// <summary>A stream of the process's that may be full or closed, which is no reason for a stack trace.</summary>
/// <param name="isNeeded">Whether losing it fails the run; what is not needed is lost in silence.</param>
sealed class OutputWriter(TextWriter inner, bool isNeeded) : TextWriter(inner.FormatProvider)
{
    public override Encoding Encoding => inner.Encoding;

    public override void Write(char value) => Try(() => inner.Write(value));

    public override void Write(char[] buffer, int index, int count) => Try(() => inner.Write(buffer, index, count));

    public override void Write(string? value) => Try(() => inner.Write(value));

    public override void WriteLine(string? value) => Try(() => inner.WriteLine(value));

    public override void Flush() => Try(inner.Flush);

    void Try(Action write)
    {
        try
        {
            write();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ObjectDisposedException)
        {
            if (isNeeded) throw new OutputLostException(failure);
        }
    }
}
