using Heddle.LowLevel;

namespace Heddle;

/// <summary>Where a process's standard output or error output goes.</summary>
public sealed class SubprocessOutput
{
    private SubprocessOutput(ProcessStream stream) => Stream = stream;

    /// <summary>This program's own.</summary>
    public static SubprocessOutput Inherit { get; } = new(new(ProcessStreamKind.Inherit));

    /// <summary>Nowhere.</summary>
    public static SubprocessOutput Null { get; } = new(new(ProcessStreamKind.Null));

    /// <summary>To <see cref="Subprocess.StandardOutput"/> or <see cref="Subprocess.StandardError"/>, to be read.</summary>
    public static SubprocessOutput Pipe { get; } = new(new(ProcessStreamKind.Pipe));

    /// <summary>For the error output: wherever the standard output goes, in the order in which it is written (<c>2>&amp;1</c>).</summary>
    public static SubprocessOutput ToStandardOutput { get; } = new(new(ProcessStreamKind.StandardOutput));

    internal ProcessStream Stream { get; }

    /// <summary>To a file.</summary>
    /// <remarks>
    /// On Linux the process itself opens a named pipe, as with a shell's <c>&gt;</c>: it waits there until somebody reads, and this program
    /// goes on. It is started by <c>/bin/sh</c> then, which may leave out environment variables whose names are none of a shell's (<c>my.setting</c>).
    /// </remarks>
    /// <param name="path">Its directory must exist.</param>
    /// <param name="append">Whether what is in it stays. Default: it is made anew.</param>
    public static SubprocessOutput File(string path, bool append = false)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ZeroCheck.OfPath(path, nameof(path));
        return new(new(append ? ProcessStreamKind.AppendToFile : ProcessStreamKind.File, path));
    }
}
