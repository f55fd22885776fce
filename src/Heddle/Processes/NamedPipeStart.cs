using Heddle.LowLevel;

namespace Heddle;

/// <summary>The start of a process that has a named pipe for a stream.</summary>
/// <remarks>
/// The system has who opens one wait for the other end. That must be the child, which can be stopped, and not this program, whose loop
/// would stand still. So a shell opens it there, as it does for <c>program &lt;pipe</c>, and becomes the program then.
/// </remarks>
internal static class NamedPipeStart
{
    private const string Shell = "/bin/sh";

    /// <summary>The same start, or one by way of the shell.</summary>
    /// <exception cref="SubprocessException">There is no such program, or it cannot be executed.</exception>
    internal static ProcessStart Of(ProcessStart start)
    {
        if (!OperatingSystem.IsLinux() || !(IsNamedPipe(start.StandardInput) || IsNamedPipe(start.StandardOutput) || IsNamedPipe(start.StandardError)))
        {
            return start;
        }

        var program = ProgramSearch.Find(start);
        if (ProcessCalls.access(program, ProcessCalls.X_OK) != 0)
        {
            throw StartFailures.Of(start, Errno.Last, program);
        }

        var (script, paths) = ("", new List<string>());
        Redirect(start.StandardInput, "<");
        Redirect(start.StandardOutput, start.StandardOutput.Kind == ProcessStreamKind.AppendToFile ? ">>" : ">");
        Redirect(start.StandardError, start.StandardError.Kind == ProcessStreamKind.AppendToFile ? "2>>" : "2>");
        var isMerged = start.StandardError.Kind == ProcessStreamKind.StandardOutput && IsNamedPipe(start.StandardOutput);
        var become = isMerged ? "exec \"$@\" 2>&1" : "exec \"$@\"";
        return start with
        {
            File = Shell,
            Arguments = ["-c", script + become, start.File, .. paths, program, .. start.Arguments],
            StandardInput = Opened(start.StandardInput),
            StandardOutput = Opened(start.StandardOutput),
            StandardError = isMerged ? new(ProcessStreamKind.Null) : Opened(start.StandardError),
        };

        void Redirect(ProcessStream stream, string sign)
        {
            if (IsNamedPipe(stream))
            {
                // Not by a variable, which could be one of the program's.
                script += $"exec {sign}\"$1\"; shift; ";
                paths.Add(Path.GetFullPath(stream.Path!));
            }
        }
    }

    private static bool IsNamedPipe(ProcessStream stream) => stream.Kind is ProcessStreamKind.File or ProcessStreamKind.AppendToFile
        && FileFacts.Of(stream.Path!, follow: true)?.Kind == FileKind.Fifo;

    private static ProcessStream Opened(ProcessStream stream) => IsNamedPipe(stream) ? new(ProcessStreamKind.Null) : stream;
}
