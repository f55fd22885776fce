using System.Net;
using System.Net.Sockets;

namespace Heddle.Orleans;

/// <summary>The ports of a silo. Orleans wants to know them before it opens them.</summary>
/// <param name="Silo">For other silos.</param>
/// <param name="Gateway">For executors; 0 for none.</param>
/// <param name="AreAny">Whether others would do.</param>
internal readonly record struct SiloPorts(int Silo, int Gateway, bool AreAny)
{
    internal static SiloPorts Choose(WorkerSiloOptions options)
    {
        // Both are held until both are known, or they could be the same.
        using var silo = new Socket(SocketType.Stream, ProtocolType.Tcp);
        using var gateway = new Socket(SocketType.Stream, ProtocolType.Tcp);
        return new(
            options.SiloPort > 0 ? options.SiloPort : FreeOn(options.Address, silo),
            options.Redis is null ? 0 : options.GatewayPort > 0 ? options.GatewayPort : FreeOn(options.Address, gateway),
            options.SiloPort == 0 || (options.Redis is not null && options.GatewayPort == 0));
    }

    /// <summary>Whether a silo did not start because another program has one of its ports.</summary>
    internal static bool AreTaken(Exception failure)
        => failure.GetBaseException() is SocketException { SocketErrorCode: SocketError.AddressAlreadyInUse };

    private static int FreeOn(IPAddress address, Socket socket)
    {
        socket.Bind(new IPEndPoint(address, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
