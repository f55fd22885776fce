using System.Net;
using System.Net.Sockets;

namespace Heddle;

/// <summary>The names of Unix domain sockets as the system tells them. A name is any bytes: no UTF-8, zeros, a whole path without its end.</summary>
internal static class UnixNames
{
    /// <summary>Where the name begins in a <c>sockaddr_un</c>.</summary>
    internal const int Offset = 2;

    /// <summary>More than any system's <c>sockaddr_un</c> has, and than Linux counts if there is no room for the end of a path.</summary>
    internal const int RoomForAny = 128;

    private static readonly UnixDomainSocketEndPoint s_any = new("any");

    private static readonly int s_most = OperatingSystem.IsLinux() || OperatingSystem.IsWindows() ? 108 : 104;

    /// <summary>Of a socket that was not bound. To bind to it has Linux choose an abstract name.</summary>
    internal static UnixDomainSocketEndPoint Unnamed { get; } = Read([]);

    /// <summary>Whether a socket has to be bound to it: elsewhere than on Linux nobody chooses a name.</summary>
    internal static bool IsToBeBound(EndPoint local) => OperatingSystem.IsLinux() || local is not UnixDomainSocketEndPoint || local.Serialize().Size > Offset;

    /// <summary>An end point with these very bytes. What is no UTF-8 in them is shown as well as the BCL can.</summary>
    internal static UnixDomainSocketEndPoint Read(ReadOnlySpan<byte> name)
    {
        name = name[..Math.Min(name.Length, s_most)];

        // An abstract name begins with a zero; a path ends with one.
        if (name is [not 0, ..] && name.IndexOf((byte)0) is var end and >= 0)
        {
            name = name[..end];
        }

        var address = new SocketAddress(AddressFamily.Unix, Offset + name.Length);
        name.CopyTo(address.Buffer.Span[Offset..]);
        return (UnixDomainSocketEndPoint)s_any.Create(address);
    }

    /// <summary>Between the binding and the listening, when the file is there and nobody can connect yet.</summary>
    /// <exception cref="SocketException">The system refuses the mode. The file is a dead server's then, which the next one replaces.</exception>
    internal static void SetMode(EndPoint local, UnixFileMode? mode)
    {
        var isFile = local is UnixDomainSocketEndPoint && local.Serialize() is { Size: > Offset } address && address[Offset] != 0;
        if (mode is not { } wanted || !isFile || OperatingSystem.IsWindows())
        {
            return;
        }

        try
        {
            File.SetUnixFileMode(local.ToString()!, wanted);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new SocketException((int)SocketError.AccessDenied);
        }
    }

    /// <summary>For the BCL, which makes room for what connects by the end point that was bound to, and makes that one's end point by it.</summary>
    /// <remarks>
    /// With its own, a peer's longest name ends the process. And it would remove the socket file when it closes the socket, whosever
    /// that is by then; <see cref="UnixServer"/> does so itself.
    /// </remarks>
    internal sealed class Bound(UnixDomainSocketEndPoint local) : EndPoint
    {
        public override AddressFamily AddressFamily => AddressFamily.Unix;

        /// <summary>From the binding on.</summary>
        internal bool IsBound { get; set; }

        public override SocketAddress Serialize() => IsBound ? new SocketAddress(AddressFamily.Unix, RoomForAny) : local.Serialize();

        public override EndPoint Create(SocketAddress socketAddress) => Read(socketAddress.Buffer.Span[Offset..socketAddress.Size]);

        public override string ToString() => local.ToString();
    }
}
