using System.Net;
using System.Net.Sockets;
using Heddle.LowLevel;

namespace Heddle;

/// <summary>Opens what servers listen with.</summary>
internal static class Listening
{
    /// <summary>So often another port is tried that is to be free at several addresses.</summary>
    private const int MostTries = 50;

    internal static ListenTransport At(EndPoint endPoint, ListenSettings settings)
    {
        try
        {
            return EventLoop.Current.Network.Listen(endPoint, settings);
        }
        catch (SocketException failure)
        {
            throw IoFailures.Of("Listening at", endPoint, failure.SocketErrorCode);
        }
    }

    /// <summary>At all of them or at none. Those with port 0 share one port.</summary>
    /// <param name="endPoints">At least one.</param>
    /// <param name="settings">For each.</param>
    /// <param name="skipsMissing">Addresses that this machine does not have are left out, unless there is no other.</param>
    internal static ListenTransport[] AtAll(IReadOnlyList<IPEndPoint> endPoints, ListenSettings settings, bool skipsMissing = false)
    {
        for (var tries = 1; ; tries++)
        {
            var open = new List<ListenTransport>();
            var port = 0;
            try
            {
                ConnectionException? missing = null;
                foreach (var endPoint in endPoints)
                {
                    try
                    {
                        var listener = At(endPoint.Port == 0 ? new IPEndPoint(endPoint.Address, port) : endPoint, SettingsOf(endPoint, endPoints, settings));
                        open.Add(listener);
                        port = endPoint.Port == 0 ? ((IPEndPoint)listener.LocalEndPoint).Port : port;
                    }
                    catch (ConnectionException failure) when (skipsMissing && IsMissing(failure.ErrorCode))
                    {
                        missing = failure;
                    }
                }

                return open.Count > 0 ? [.. open] : throw missing!;
            }
            catch (Exception failure)
            {
                open.ForEach(static listener => listener.Dispose());
                if (failure is not ConnectionException { ErrorCode: SocketError.AddressAlreadyInUse } || port == 0 || tries == MostTries)
                {
                    throw;
                }
            }
        }
    }

    internal static ListenTransport[] AtInherited(IReadOnlyList<InheritedSocket> sockets, ListenSettings settings, bool isInternet)
    {
        if (sockets.Count == 0)
        {
            throw new ArgumentException(
                "No socket was inherited: the program was not started by socket activation (LISTEN_FDS, LISTEN_PID), or they were taken before. Listen at an address then.",
                nameof(sockets));
        }

        foreach (var socket in sockets)
        {
            ArgumentNullException.ThrowIfNull(socket, nameof(sockets));
            socket.RequireListening(isInternet);
        }

        return [.. sockets.Select(socket => socket.Open(settings))];
    }

    private static bool IsMissing(SocketError error) => error is SocketError.AddressNotAvailable or SocketError.AddressFamilyNotSupported;

    /// <summary>Where IPv4 has sockets of its own, one of IPv6 leaves it to them.</summary>
    private static ListenSettings SettingsOf(IPEndPoint endPoint, IReadOnlyList<IPEndPoint> all, ListenSettings settings)
        => endPoint.AddressFamily == AddressFamily.InterNetworkV6 && all.Any(static one => one.AddressFamily == AddressFamily.InterNetwork)
            ? settings with { DualMode = false }
            : settings;
}
