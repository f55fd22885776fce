using System.Net;

namespace Heddle.LowLevel;

/// <summary>What is set on a socket before it is used.</summary>
public record SocketSettings
{
    /// <summary>Whether small sends leave at once (TCP_NODELAY). Default: true.</summary>
    public bool NoDelay { get; init; } = true;

    /// <summary>Whether the system probes a silent peer (SO_KEEPALIVE). Default: false.</summary>
    public bool KeepAlive { get; init; }

    /// <summary>The kernel's buffer for what comes in, in bytes. Default: the system's choice.</summary>
    public int? ReceiveBufferSize { get; init; }

    /// <summary>The kernel's buffer for what goes out, in bytes. Default: the system's choice.</summary>
    public int? SendBufferSize { get; init; }

    /// <summary>Where a connection comes from. Default: the system's choice.</summary>
    public EndPoint? LocalEndPoint { get; init; }

    /// <summary>Whether several sockets may be bound to one port at once, to share what comes (SO_REUSEPORT). Default: false.</summary>
    public bool ReusePort { get; init; }

    /// <summary>Whether an IPv6 socket takes IPv4 as well. Default: true.</summary>
    public bool DualMode { get; init; } = true;
}

/// <summary>What is set on a socket that listens; what it accepts inherits the rest.</summary>
public sealed record ListenSettings : SocketSettings
{
    /// <summary>How many connections the system keeps for the program to accept. Default: 512, or the system's limit if that is less.</summary>
    public int Backlog { get; init; } = 512;

    /// <summary>
    /// The mode of a Unix domain socket's file, which has it before anybody can connect: on Linux, who may write may connect. Default: what the process's umask
    /// leaves. It has no meaning for other sockets, for abstract names, and on Windows.
    /// </summary>
    public UnixFileMode? FileMode { get; init; }
}
