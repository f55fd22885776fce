using Heddle.LowLevel;

namespace Heddle;

/// <summary>Finds the file of a program, as a shell would.</summary>
internal static class ProgramSearch
{
    /// <exception cref="SubprocessException">There is none, or it cannot be executed.</exception>
    internal static string Find(ProcessStart start)
    {
        if (start.File.Contains('/'))
        {
            // Where the child is to work has nothing to do with where its program is.
            var path = Path.GetFullPath(start.File);
            return Directory.Exists(path) ? throw StartFailures.Of(start, ProcessCalls.EACCES, path) : path;
        }

        string? refused = null;
        foreach (var directory in PathOf(start).Split(':'))
        {
            var file = Path.Combine(directory.Length == 0 ? "." : directory, start.File);
            if (!File.Exists(file))
            {
                continue;
            }

            if (ProcessCalls.access(file, ProcessCalls.X_OK) == 0)
            {
                return Path.GetFullPath(file);
            }

            refused ??= file;
        }

        throw refused is null
            ? StartFailures.NotOnPath(start, PathOf(start))
            : StartFailures.Of(start, ProcessCalls.EACCES, refused);
    }

    /// <summary>The child's own, if it is given one.</summary>
    private static string PathOf(ProcessStart start)
    {
        const string UnlessSet = "/usr/local/bin:/usr/bin:/bin";
        var path = start.Environment is { } own ? own.GetValueOrDefault("PATH") : Environment.GetEnvironmentVariable("PATH");
        return string.IsNullOrEmpty(path) ? UnlessSet : path;
    }
}
