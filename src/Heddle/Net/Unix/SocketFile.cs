using System.Net.Sockets;

namespace Heddle;

/// <summary>The file of a Unix domain socket of this program's: made by the binding, and removed unless another stands there by then.</summary>
internal sealed class SocketFile
{
    /// <summary>Whole: the working directory may be another when it is removed.</summary>
    private readonly string _path;

    /// <summary>The very socket that was bound: another program may have taken the path over since.</summary>
    private FileFacts? _bound;

    private SocketFile(string path) => _path = Path.GetFullPath(path);

    /// <summary>For what is about to be bound. Removes what a dead program has left at the path; nothing else is touched.</summary>
    /// <returns>Null for an abstract name, which has no file.</returns>
    /// <exception cref="ConnectionException">What stands there is no socket, or cannot be removed.</exception>
    internal static SocketFile? MakeRoom(string path, UnixDomainSocketEndPoint endPoint, SocketType type)
    {
        if (path[0] == '\0')
        {
            return null;
        }

        MakeRoomForFile(path, endPoint, type);
        return new(path);
    }

    /// <summary>It has been bound: what stands there is its own.</summary>
    internal void OnBound() => _ = FileFacts.Ask(_path, follow: false, out _bound);

    private static void MakeRoomForFile(string path, UnixDomainSocketEndPoint endPoint, SocketType type)
    {
        if (FileFacts.Ask(path, follow: false, out var facts) != 0 || facts is not { } there)
        {
            // Where the system does not say, the binding says why.
            return;
        }

        // Where the kind cannot be told, connecting to what is no socket says that it is none. On Linux it says what it says of a dead server.
        if (there.Kind != FileKind.Socket && (there.Kind != FileKind.Other || OperatingSystem.IsLinux()))
        {
            throw new ConnectionException(
                $"Listening at {path} failed: there is {there.Describe()} at that path, which is no socket, and is left as it is. "
                + "Give another path, or remove it first.",
                SocketError.AddressAlreadyInUse,
                endPoint);
        }

        if (!IsDead(endPoint, type) || FileFacts.Ask(path, follow: false, out facts) != 0 || facts != there)
        {
            // Somebody listens: the binding says so.
            return;
        }

        try
        {
            File.Delete(path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new ConnectionException(
                $"Listening at {path} failed: the socket that a dead server has left there cannot be removed: {failure.Message}",
                SocketError.AccessDenied,
                endPoint,
                failure);
        }
    }

    /// <summary>Before the socket closes: nobody takes the file for a dead program's meanwhile, and puts another in its place.</summary>
    internal void Remove(EventLoop loop)
    {
        if (_bound is not { } bound)
        {
            return;
        }

        // Once: by the next time the number may be another file's.
        _bound = null;
        try
        {
            if (FileFacts.Of(_path, follow: false) == bound)
            {
                File.Delete(_path);
            }
        }
        catch (DirectoryNotFoundException)
        {
            // Its folder has just been removed, and the file with it.
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            loop.Report(NetReports.SocketFileLeft(_path, failure));
        }
    }

    private static bool IsDead(UnixDomainSocketEndPoint endPoint, SocketType type)
    {
        using var probe = new Socket(AddressFamily.Unix, type, ProtocolType.Unspecified) { Blocking = false };
        try
        {
            probe.Connect(endPoint);
            return false;
        }
        catch (SocketException failure)
        {
            return failure.SocketErrorCode == SocketError.ConnectionRefused;
        }
    }
}
