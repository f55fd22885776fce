using System.Net;
using System.Net.Sockets;

namespace Heddle;

/// <summary>What I/O fails with: the operation, the end point, the cause.</summary>
internal static class IoFailures
{
    /// <param name="doing">Such as <c>Receiving from</c>; the end point follows.</param>
    /// <param name="endPoint">Null for one without a name.</param>
    /// <param name="error">Why.</param>
    internal static Exception Of(string doing, EndPoint? endPoint, SocketError error) => error switch
    {
        SocketError.AlreadyInProgress => new InvalidOperationException(
            $"{doing} {Name(endPoint)} was begun while another task does it. What comes would go to either at random: "
            + "have one task receive, and one send, and hand over what they get through a queue."),
        SocketError.Shutdown when endPoint is PipeEndPoint => new ConnectionException(
            $"{doing} {endPoint} failed: the other end is closed. The process has ended, or does not read any more; see how it ended, "
            + "and what it says in its error output.",
            error,
            endPoint),
        _ => new ConnectionException($"{doing} {Name(endPoint)} failed: {Cause(error)}.", error, endPoint),
    };

    /// <summary>Where to listen was allowed before: what is refused is a connection.</summary>
    internal static Exception OfAccepting(EndPoint? endPoint, SocketError error) => error == SocketError.AccessDenied
        ? new ConnectionException(
            $"Accepting connections at {Name(endPoint)} failed: the system does not allow it; a firewall refuses the connection, or a policy "
            + "(seccomp, SELinux, AppArmor) this program. See their rules.",
            error,
            endPoint)
        : Of("Accepting connections at", endPoint, error);

    /// <summary>For whoever meets later what a transport has thrown.</summary>
    internal static ConnectionException OfThrown(string doing, EndPoint? endPoint, Exception thrown)
        => new($"{doing} {Name(endPoint)} failed: its transport threw {thrown.GetType().Name}: {thrown.Message}", SocketError.Fault, endPoint, thrown);

    internal static string Name(EndPoint? endPoint) => endPoint switch
    {
        null => "an unnamed peer",
        DnsEndPoint dns => $"{dns.Host}:{dns.Port}",
        _ => endPoint.ToString() ?? "an unnamed peer",
    };

    internal static string Cause(SocketError error) => error switch
    {
        SocketError.ConnectionReset => "the other end reset the connection; it crashed, or closed it before it had read all that was sent",
        SocketError.ConnectionAborted => "the connection was aborted",
        SocketError.ConnectionRefused => "the connection was refused; nothing listens there, so start the server or check the port",
        SocketError.TimedOut => "the other end did not answer in time",
        SocketError.HostUnreachable => "there is no route to the host",
        SocketError.NetworkUnreachable => "the network is unreachable from here",
        SocketError.NetworkDown => "the network is down",
        SocketError.HostDown => "the host is down",
        SocketError.AddressAlreadyInUse =>
            "the address is in use; another socket listens there, so stop that program, or listen on port 0 to be given a free one",
        SocketError.AddressNotAvailable =>
            "there is no such address on this machine, or no such socket file; or, after thousands of connections a minute, no port is left for one more",
        SocketError.AccessDenied => "the system does not allow it; ports below 1024, broadcasts and some socket files need privileges",
        SocketError.TooManyOpenSockets => "no descriptors are left; close connections, or raise the limit (ulimit -n)",
        SocketError.NoBufferSpaceAvailable => "the system has no memory left for sockets",
        SocketError.OperationAborted => "this program closed it meanwhile",
        SocketError.Shutdown => "nothing can be sent any more; the other end has closed the connection, or sending was finished before",
        SocketError.Disconnecting =>
            "it ended without TLS's goodbye (close_notify): the other end never says it, or somebody has cut the connection and what came is not all; "
            + "what came is still there to be read, so take it if its own length or end mark says that it is whole",
        SocketError.NotConnected => "it is not connected",
        SocketError.MessageSize => "the datagram is too long",
        SocketError.AddressFamilyNotSupported => "the system does not know this kind of address",
        SocketError.WouldBlock => "the system could not take it in at once; its queue is full",
        SocketError.InvalidArgument => "the system found an argument invalid; the address and the socket may not fit together",
        SocketError.DestinationAddressRequired => "no end point was given, and the socket is not connected",
        _ => $"the system says {error}",
    };
}
