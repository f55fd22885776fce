using Heddle.LowLevel;

namespace Heddle;

/// <summary>The files that a process's streams are pumped from and to, since .NET gives a child only pipes.</summary>
internal sealed class PortableFiles : IDisposable
{
    private Stream? _input;
    private Stream? _output;
    private Stream? _error;

    internal PortableFiles(ProcessStart start)
    {
        try
        {
            _input = Open(start, 0, start.StandardInput);
            _output = Open(start, 1, start.StandardOutput);
            _error = Open(start, 2, start.StandardError);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    internal Stream? TakeInput() => Interlocked.Exchange(ref _input, null);

    internal Stream? TakeOutput() => Interlocked.Exchange(ref _output, null);

    internal Stream? TakeError() => Interlocked.Exchange(ref _error, null);

    public void Dispose()
    {
        _input?.Dispose();
        _output?.Dispose();
        _error?.Dispose();
    }

    private static FileStream? Open(ProcessStart start, int number, ProcessStream stream)
    {
        if (stream.Kind is not (ProcessStreamKind.File or ProcessStreamKind.AppendToFile))
        {
            return null;
        }

        var (mode, access) = number == 0 ? (FileMode.Open, FileAccess.Read)
            : stream.Kind == ProcessStreamKind.File ? (FileMode.Create, FileAccess.Write)
            : (FileMode.Append, FileAccess.Write);
        try
        {
            return new FileStream(stream.Path!, mode, access, FileShare.ReadWrite);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            var error = failure is FileNotFoundException or DirectoryNotFoundException ? ProcessCalls.ENOENT
                : Directory.Exists(stream.Path) ? ProcessCalls.EISDIR
                : ProcessCalls.EACCES;
            throw StartFailures.OfFile(start, number, stream.Path!, error);
        }
    }
}
