using System.Net;

namespace Heddle.LowLevel;

/// <summary>What is set on a socket before it is used.</summary>
public record SocketSettings
{
    /// <summary>Whether small sends leave at once (TCP_NODELAY). Default: true.</summary>
    public bool NoDelay { get; init; } = true;

    /// <summary>Whether the system probes a silent peer (SO_KEEPALIVE). Default: false, unless one of the three settings for it is given.</summary>
    public bool KeepAlive
    {
        get => field || KeepAliveTime is not null || KeepAliveInterval is not null || KeepAliveRetryCount is not null;
        init;
    }

    /// <summary>How long a connection is silent before the first probe (TCP_KEEPIDLE). Default: the system's, on Linux two hours.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is no number of whole seconds from 1 to 32,767.</exception>
    public TimeSpan? KeepAliveTime
    {
        get;
        init => field = WholeSeconds(value, nameof(KeepAliveTime));
    }

    /// <summary>How long the system waits for the answer to a probe before the next one (TCP_KEEPINTVL). Default: the system's, on Linux 75 seconds.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is no number of whole seconds from 1 to 32,767.</exception>
    public TimeSpan? KeepAliveInterval
    {
        get;
        init => field = WholeSeconds(value, nameof(KeepAliveInterval));
    }

    /// <summary>How many probes without an answer break a connection (TCP_KEEPCNT). Default: the system's, on Linux nine.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not between 1 and 127.</exception>
    public int? KeepAliveRetryCount
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(value ?? 1, nameof(KeepAliveRetryCount));
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value ?? 1, 127, nameof(KeepAliveRetryCount));
            field = value;
        }
    }

    /// <summary>The kernel's buffer for what comes in, in bytes. Default: the system's choice.</summary>
    public int? ReceiveBufferSize { get; init; }

    /// <summary>The kernel's buffer for what goes out, in bytes. Default: the system's choice.</summary>
    public int? SendBufferSize { get; init; }

    /// <summary>Where a connection comes from. Default: the system's choice.</summary>
    public EndPoint? LocalEndPoint { get; init; }

    /// <summary>Whether several sockets may be bound to one port at once, to share what comes (SO_REUSEPORT). Default: false.</summary>
    public bool ReusePort { get; init; }

    /// <summary>
    /// Whether a socket may be bound to an address at which others are bound that allow it too (SO_REUSEADDR): datagram sockets that hear one multicast group, a
    /// connection from a port that another has just left. Of what is sent to one of several datagram sockets only, the system chooses which gets it. Default: false;
    /// what listens for TCP has it always.
    /// </summary>
    public bool ReuseAddress { get; init; }

    /// <summary>Whether an IPv6 socket takes IPv4 as well. Default: true.</summary>
    public bool DualMode { get; init; } = true;

    /// <summary>Linux counts them in seconds, and has no room for more.</summary>
    private static TimeSpan? WholeSeconds(TimeSpan? value, string name) => value is not { } time || (time.Ticks % TimeSpan.TicksPerSecond == 0 && time.TotalSeconds is >= 1 and <= 32767)
        ? value
        : throw new ArgumentOutOfRangeException(name, value, "The system counts this in whole seconds, from 1 to 32,767.");
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
