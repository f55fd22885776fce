using Heddle.LowLevel;

namespace Heddle;

/// <summary>The start of a process that has a named pipe for a stream.</summary>
/// <remarks>
/// The system has who opens one wait for the other end. That must be the child, which can be stopped, and not this program, whose loop
/// would stand still. So a shell opens it there, as it does for <c>program &lt;pipe</c>, and becomes the program then. Some shells (dash)
/// hand on no variable whose name is none of theirs, such as <c>my.setting</c>; as arguments, where they would get through, others could
/// read their values.
/// </remarks>
internal static class NamedPipeStart
{
    private const string Shell = "/bin/sh";

    /// <summary>The same start, or one by way of the shell.</summary>
    /// <exception cref="SubprocessException">There is no such program, it cannot be executed, or a file for a stream cannot be opened.</exception>
    internal static ProcessStart Of(ProcessStart start)
    {
        if (!OperatingSystem.IsLinux())
        {
            return start;
        }

        var (isInput, isOutput, isError) = (IsNamedPipe(start, 0), IsNamedPipe(start, 1), IsNamedPipe(start, 2));
        if (!(isInput || isOutput || isError))
        {
            return start;
        }

        var program = ProgramSearch.Find(start);
        if (ProcessCalls.access(program, ProcessCalls.X_OK) != 0)
        {
            throw StartFailures.Of(start, Errno.Last, program);
        }

        var (script, paths) = ("", new List<string>());
        Redirect(isInput, start.StandardInput, "<");
        Redirect(isOutput, start.StandardOutput, start.StandardOutput.Kind == ProcessStreamKind.AppendToFile ? ">>" : ">");
        Redirect(isError, start.StandardError, start.StandardError.Kind == ProcessStreamKind.AppendToFile ? "2>>" : "2>");
        var isMerged = start.StandardError.Kind == ProcessStreamKind.StandardOutput && isOutput;
        var become = isMerged ? "exec \"$@\" 2>&1" : "exec \"$@\"";
        return start with
        {
            File = Shell,
            Arguments = ["-c", script + become, start.File, .. paths, program, .. start.Arguments],
            StandardInput = isInput ? new(ProcessStreamKind.Null) : start.StandardInput,
            StandardOutput = isOutput ? new(ProcessStreamKind.Null) : start.StandardOutput,
            StandardError = isError || isMerged ? new(ProcessStreamKind.Null) : start.StandardError,
        };

        void Redirect(bool isNamedPipe, ProcessStream stream, string sign)
        {
            if (isNamedPipe)
            {
                // Not by a variable, which could be one of the program's.
                script += $"exec {sign}\"$1\"; shift; ";
                paths.Add(Path.GetFullPath(stream.Path!));
            }
        }
    }

    /// <exception cref="SubprocessException">It is one that this program may not open, or nobody knows what it is.</exception>
    private static bool IsNamedPipe(ProcessStart start, int number)
    {
        var stream = number switch { 0 => start.StandardInput, 1 => start.StandardOutput, _ => start.StandardError };
        if (stream.Kind is not (ProcessStreamKind.File or ProcessStreamKind.AppendToFile))
        {
            return false;
        }

        var path = stream.Path!;
        var error = FileFacts.Ask(path, follow: true, out var facts);
        var isPipe = facts?.Kind == FileKind.Fifo;
        if (isPipe && ProcessCalls.faccessat(
            ProcessCalls.AT_FDCWD, path, number == 0 ? ProcessCalls.R_OK : ProcessCalls.W_OK, ProcessCalls.AT_EACCESS) != 0)
        {
            // Else the shell would say it, in its words and to whoever reads its error output.
            error = Errno.Last;
        }

        return error == 0 ? isPipe : throw StartFailures.OfFile(start, number, path, error);
    }
}
