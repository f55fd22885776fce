namespace Heddle;

/// <summary>What a <see cref="LoopHttpClient"/>'s connections are made by.</summary>
public enum HttpTransport
{
    /// <summary>
    /// The loop: its sockets, with no other thread between the network and a coroutine. On a loop whose poller does no I/O it is
    /// <see cref="System"/>.
    /// </summary>
    Loop,

    /// <summary>.NET: its sockets and its thread pool, from which every answer comes over to the loop.</summary>
    System,
}
