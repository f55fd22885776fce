using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Heddle.LowLevel;

namespace Heddle;

/// <summary>A socket that this program has from whoever started it, by the protocol of systemd's socket activation. Linux.</summary>
/// <remarks>
/// A server takes it: <see cref="TcpServer.StartInherited"/>, <see cref="UnixServer.StartInherited"/>. Who started the program may listen at it too, so a stop closes this
/// program's descriptor and leaves the socket, and a socket file, as they are. It becomes non-blocking, for all who have it. Dispose of one that no server takes.
/// </remarks>
public sealed class InheritedSocket : IDisposable
{
    private const int FirstDescriptor = 3;

    private static readonly string[] s_variables = ["LISTEN_FDS", "LISTEN_PID", "LISTEN_FDNAMES", "LISTEN_PIDFDID"];

    private int _descriptor;

    private InheritedSocket(int descriptor, string name)
    {
        _descriptor = descriptor;
        Name = name;
        LocalEndPoint = NativeAddress.OfSocket(descriptor);
    }

    /// <summary>What it was called (<c>LISTEN_FDNAMES</c>, systemd's <c>FileDescriptorName=</c>); "unknown" if it was not.</summary>
    public string Name { get; }

    /// <summary>Where it listens; null if it is no socket of a kind that is known here.</summary>
    public EndPoint? LocalEndPoint { get; }

    /// <summary>All that were handed over to this process; none if it was not started so. A second call gives none: each is taken once. Any thread.</summary>
    /// <remarks>
    /// They are descriptor 3 and those that follow, as many as <c>LISTEN_FDS</c> says, if <c>LISTEN_PID</c> is this process. The variables are removed,
    /// so that no child takes them for its own, and children do not get the descriptors.
    /// </remarks>
    /// <exception cref="InvalidOperationException">The variables say what cannot be.</exception>
    public static IReadOnlyList<InheritedSocket> TakeAll()
    {
        if (!OperatingSystem.IsLinux()
            || Environment.GetEnvironmentVariable("LISTEN_PID") != Environment.ProcessId.ToString(CultureInfo.InvariantCulture))
        {
            return [];
        }

        var (count, names) = (Environment.GetEnvironmentVariable("LISTEN_FDS"), Environment.GetEnvironmentVariable("LISTEN_FDNAMES")?.Split(':') ?? []);
        Array.ForEach(s_variables, static variable => Environment.SetEnvironmentVariable(variable, null));
        if (!int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            throw new InvalidOperationException(
                $"LISTEN_PID is this process, and LISTEN_FDS is '{count}', which is no number of descriptors. Whoever starts the program has to set both.");
        }

        for (var i = 0; i < number; i++)
        {
            if (Libc.fcntl(FirstDescriptor + i, Libc.F_SETFD, Libc.FD_CLOEXEC) != 0)
            {
                throw new InvalidOperationException(
                    $"LISTEN_FDS is {number}, and descriptor {FirstDescriptor + i} is not open. Whoever starts the program has to hand over descriptors "
                    + $"{FirstDescriptor} to {FirstDescriptor + number - 1}.");
            }
        }

        return [.. Enumerable.Range(0, number).Select(i => new InheritedSocket(FirstDescriptor + i, i < names.Length && names[i].Length > 0 ? names[i] : "unknown"))];
    }

    /// <summary>Closes it, unless a server has taken it.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _descriptor, -1) is var descriptor and >= 0)
        {
            _ = Libc.close(descriptor);
        }
    }

    /// <summary>Its name and where it listens.</summary>
    public override string ToString() => $"inherited socket '{Name}' at {IoFailures.Name(LocalEndPoint)}";

    /// <exception cref="ConnectionException">It does not listen, or is of another kind, or was taken.</exception>
    internal void RequireListening(bool isInternet)
    {
        if (_descriptor < 0)
        {
            throw Unfit("it was taken or closed before; each is taken once", SocketError.OperationAborted);
        }

        if (LocalEndPoint is null || NativeAddress.IsInternet(LocalEndPoint) != isInternet)
        {
            throw Unfit(
                isInternet ? "it is no TCP socket; one of a Unix domain is for UnixServer" : "it is no Unix domain socket; one of TCP is for TcpServer",
                SocketError.AddressFamilyNotSupported);
        }

        if (!Is(Libc.SO_ACCEPTCONN, 1) || !Is(Libc.SO_TYPE, Libc.SOCK_STREAM))
        {
            throw Unfit("it does not listen for connections (with systemd: ListenStream=, and Accept=no)", SocketError.InvalidArgument);
        }
    }

    /// <summary>Hands the descriptor over to the loop's network.</summary>
    internal ListenTransport Open(ListenSettings settings)
    {
        var descriptor = Interlocked.Exchange(ref _descriptor, -1);
        try
        {
            if (EventLoop.Current.Network.ListenOn(descriptor, settings) is { } listener)
            {
                return listener;
            }
        }
        catch (SocketException failure)
        {
            throw IoFailures.Of("Listening at", LocalEndPoint, failure.SocketErrorCode);
        }

        _descriptor = descriptor;
        throw new PlatformNotSupportedException("The loop's network has no sockets of the system's, so it cannot take one over. Run the loop on Pollers.Default.");
    }

    private unsafe bool Is(int option, int expected)
    {
        var value = 0;
        var length = sizeof(int);
        return Libc.getsockopt(_descriptor, Libc.SOL_SOCKET, option, &value, &length) == 0 && value == expected;
    }

    private ConnectionException Unfit(string why, SocketError error) => new($"The {this} cannot be served: {why}.", error, LocalEndPoint);
}
