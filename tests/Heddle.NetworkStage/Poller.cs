using Heddle.LowLevel;

namespace Heddle.NetworkStage;

/// <summary>The pollers by name.</summary>
internal static class Poller
{
    /// <summary>How many reports the loops of this process have made.</summary>
    internal static int Reports { get; private set; }

    internal static EventLoopOptions Of(string name) => new()
    {
        Name = name,
        Poller = name == "epoll" ? Pollers.Epoll : Pollers.Sockets,
        OnReport = static report =>
        {
            Reports++;
            Console.Error.WriteLine(report);
        },
    };
}
