using Heddle.LowLevel;

namespace Heddle.NetworkStage;

/// <summary>The pollers by name.</summary>
internal static class Poller
{
    internal static readonly string[] All = ["epoll", "sockets"];

    internal static EventLoopOptions Of(string name) => new()
    {
        Name = name,
        Poller = name == "epoll" ? Pollers.Epoll : Pollers.Sockets,
    };
}
