namespace Heddle;

/// <summary>Where a body is saved to: a file, which is replaced as a whole, or what is written to, such as a device.</summary>
internal static class FileTarget
{
    /// <summary>As the system has it.</summary>
    private const int MostLinks = 40;

    private const UnixFileMode NotKept = UnixFileMode.SetUser | UnixFileMode.SetGroup;
    private const UnixFileMode OfGroup = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute;

    internal static Coroutine SaveAsync(string path, Func<Stream, Coroutine> write) => FileFacts.Of(path, follow: true)?.Kind switch
    {
        FileKind.Directory => throw new IOException($"'{path}' is a directory. Give the name of a file in it."),
        FileKind.Socket => throw new IOException($"'{path}' is a socket, and no file. Connect to it (UnixConnection.ConnectAsync)."),
        FileKind.Fifo => WriteToAsync(token => NamedPipe.OpenToWriteAsync(path, token), write),
        FileKind.Device => WriteToAsync(_ => OpenAsync(path, FileMode.Open), write),
        _ => Follow(path) is { } file ? ReplaceAsync(file, write) : WriteToAsync(_ => OpenAsync(path, FileMode.Truncate), write),
    };

    /// <summary>The file itself, if the path is a symbolic link; null for an open file of some process, which can only be written to.</summary>
    private static string? Follow(string path)
    {
        for (var links = 0; links < MostLinks; links++)
        {
            if (OperatingSystem.IsLinux() && Path.GetFullPath(path) is var full && (full.StartsWith("/proc/", StringComparison.Ordinal) || full.StartsWith("/dev/fd/", StringComparison.Ordinal)))
            {
                return null;
            }

            if (new FileInfo(path).LinkTarget is not { } target)
            {
                return path;
            }

            path = Path.Combine(Path.GetDirectoryName(path) ?? "", target);
        }

        throw new IOException($"'{path}' leads from one symbolic link to the next without end.");
    }

    private static async Coroutine ReplaceAsync(string path, Func<Stream, Coroutine> write)
    {
        var unfinished = $"{path}.{Path.GetRandomFileName()}.part";
        try
        {
            await using (var file = Create(unfinished, path))
            {
                await write(file);
            }

            File.Move(unfinished, path, overwrite: true);
        }
        catch
        {
            File.Delete(unfinished);
            throw;
        }
    }

    /// <summary>A new file with the mode, and as far as the system allows the owner, of the one that it is to replace.</summary>
    private static FileStream Create(string path, string replaced)
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            Share = FileShare.None,
            BufferSize = 0,
            Options = FileOptions.Asynchronous,
        };
        if (OperatingSystem.IsWindows() || !File.Exists(replaced))
        {
            return new FileStream(path, options);
        }

        // From the beginning: what only its owner may read must not be read meanwhile either. What the group may is the old file's
        // group's, and nobody else's.
        var mode = File.GetUnixFileMode(replaced) & ~NotKept;
        options.UnixCreateMode = mode & ~OfGroup;
        var file = new FileStream(path, options);
        try
        {
            File.SetUnixFileMode(file.SafeFileHandle, GiveAway(file, path, replaced) ? mode : mode & ~OfGroup);
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Gives the file the other's owner and group, as far as this program may.</summary>
    /// <returns>Whether its group is the other's. Off Linux nobody tells, and it is taken to be.</returns>
    private static bool GiveAway(FileStream file, string path, string replaced)
    {
        if (!OperatingSystem.IsLinux())
        {
            return true;
        }

        if (FileFacts.Of(replaced, follow: true) is not { } facts)
        {
            return false;
        }

        // Only a privileged program may give a file away; then at least its group.
        var descriptor = (int)file.SafeFileHandle.DangerousGetHandle();
        return Libc.fchown(descriptor, facts.Owner, facts.Group) == 0
            || Libc.fchown(descriptor, uint.MaxValue, facts.Group) == 0
            || FileFacts.Of(path, follow: false)?.Group == facts.Group;
    }

    /// <summary>Opening waits for as long as the system has it wait: for a reader of a named pipe, say. So it is done elsewhere, and given up when the scope is cancelled.</summary>
    private static async Coroutine WriteToAsync(Func<CancellationToken, Task<Stream>> open, Func<Stream, Coroutine> write)
    {
        using var givingUp = new CancellationTokenSource();
        var opening = Task.Run(() => open(givingUp.Token), CancellationToken.None);
        Stream stream;
        try
        {
            stream = await opening.OrCanceled();
        }
        catch
        {
            givingUp.Cancel();
            _ = opening.ContinueWith(
                static late => late.Result.Dispose(),
                CancellationToken.None,
                TaskContinuationOptions.OnlyOnRanToCompletion,
                TaskScheduler.Default);
            throw;
        }

        await using (stream)
        {
            await write(stream);
        }
    }

    private static Task<Stream> OpenAsync(string path, FileMode mode) => Task.FromResult<Stream>(
        new FileStream(path, mode, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0, FileOptions.Asynchronous));
}
