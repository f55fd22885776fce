using Heddle.LowLevel;

namespace Heddle.Benchmarks.Echo;

/// <summary>The command line.</summary>
sealed record EchoOptions(ushort Port, Func<TcpConnection, Coroutine> Handler, Func<EventLoop, IPoller> Poller)
{
    public const string Usage =
        """
        An echo server on Heddle; bench/echo.py measures it.

          --port P                    on 127.0.0.1; 0 takes a free one, which is printed (default 0)
          --api streams|raw           a connection's reader and writer, or its transport alone (default streams)
          --poller epoll|sockets      Linux's, or the portable one (default epoll)
        """;

    public static EchoOptions? Parse(string[] args)
    {
        var options = new EchoOptions(Port: 0, Echo.StreamsAsync, Pollers.Epoll);
        for (int i = 0; i < args.Length; i += 2)
        {
            EchoOptions? next = (args[i], i + 1 < args.Length ? args[i + 1] : null) switch
            {
                ("--port", var text) when ushort.TryParse(text, out ushort port) => options with { Port = port },
                ("--api", "streams") => options with { Handler = Echo.StreamsAsync },
                ("--api", "raw") => options with { Handler = Echo.RawAsync },
                ("--poller", "epoll") => options with { Poller = Pollers.Epoll },
                ("--poller", "sockets") => options with { Poller = Pollers.Sockets },
                _ => null,
            };
            if (next is null)
                return null;
            options = next;
        }
        return options;
    }
}
