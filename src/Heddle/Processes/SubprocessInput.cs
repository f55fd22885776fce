using System.Text;
using Heddle.LowLevel;

namespace Heddle;

/// <summary>Where a process's standard input comes from.</summary>
public sealed class SubprocessInput
{
    private SubprocessInput(ProcessStream stream, ReadOnlyMemory<byte>? content = null)
    {
        Stream = stream;
        Content = content;
    }

    /// <summary>This program's own.</summary>
    public static SubprocessInput Inherit { get; } = new(new(ProcessStreamKind.Inherit));

    /// <summary>Nothing: it is at its end.</summary>
    public static SubprocessInput Null { get; } = new(new(ProcessStreamKind.Null));

    /// <summary>What is written to <see cref="Subprocess.StandardInput"/>. Not for <c>RunAsync</c>, which has nobody who could write.</summary>
    public static SubprocessInput Pipe { get; } = new(new(ProcessStreamKind.Pipe));

    internal ProcessStream Stream { get; }

    /// <summary>What is sent to it, and then the end; null if that is for others to do.</summary>
    internal ReadOnlyMemory<byte>? Content { get; }

    /// <summary>A file.</summary>
    /// <remarks>
    /// On Linux the process itself opens a named pipe, as with a shell's <c>&lt;</c>: it waits there until somebody writes, and this program
    /// goes on. It is started by <c>/bin/sh</c> then, which may leave out environment variables whose names are none of a shell's (<c>my.setting</c>).
    /// </remarks>
    public static SubprocessInput File(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ZeroCheck.OfPath(path, nameof(path));
        return new(new(ProcessStreamKind.File, path));
    }

    /// <summary>These bytes, which must not be changed while the process runs. What it does not read is dropped.</summary>
    public static SubprocessInput Bytes(ReadOnlyMemory<byte> content) => new(new(ProcessStreamKind.Pipe), content);

    /// <summary>This text, as UTF-8.</summary>
    public static SubprocessInput Text(string content)
    {
        ArgumentNullException.ThrowIfNull(content);
        return Bytes(Encoding.UTF8.GetBytes(content));
    }
}
