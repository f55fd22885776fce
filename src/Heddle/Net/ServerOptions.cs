using Heddle.LowLevel;

namespace Heddle;

/// <summary>How a server listens and stops.</summary>
public sealed record ServerOptions
{
    /// <summary>What is set on the listening socket, and so on those of its connections.</summary>
    public ListenSettings Socket { get; init; } = new();

    /// <summary>How many connections are served at once; more wait in the system's queue. Default: no limit.</summary>
    public int? MaxConnections { get; init; }

    /// <summary>How long handlers may go on after <see cref="Server{TConnection}.StopAsync"/> before they are cancelled. Default: ten seconds.</summary>
    public TimeSpan StopGrace { get; init; } = TimeSpan.FromSeconds(10);
}
