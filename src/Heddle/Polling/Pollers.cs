namespace Heddle.LowLevel;

/// <summary>The pollers that come with the library, for <see cref="EventLoopOptions.Poller"/>.</summary>
public static class Pollers
{
    /// <summary>What a loop uses unless told otherwise: <see cref="Epoll"/> on Linux, <see cref="Sockets"/> elsewhere.</summary>
    public static INetworkPoller Default(EventLoop loop) => OperatingSystem.IsLinux() ? Epoll(loop) : Sockets(loop);

    /// <summary>Linux's epoll: I/O completes on the loop's own thread.</summary>
    /// <exception cref="PlatformNotSupportedException">This is not Linux.</exception>
    public static INetworkPoller Epoll(EventLoop loop)
    {
        ArgumentNullException.ThrowIfNull(loop);
        return OperatingSystem.IsLinux()
            ? new EpollPoller(loop)
            : throw new PlatformNotSupportedException("Pollers.Epoll needs Linux. Use Pollers.Sockets, which runs on every system.");
    }

    /// <summary>The sockets of .NET: I/O completes on its threads and comes over to the loop's.</summary>
    public static INetworkPoller Sockets(EventLoop loop)
    {
        ArgumentNullException.ThrowIfNull(loop);
        return new SocketsPoller(loop);
    }
}
