using System.Net;
using System.Net.Sockets;

namespace Heddle;

/// <summary>From names to addresses.</summary>
internal static class NameResolution
{
    /// <summary>The host's addresses, in the order in which to try them.</summary>
    internal static async Coroutine<List<IPEndPoint>> ResolveAsync(DnsEndPoint remote, ConnectOptions options)
    {
        IReadOnlyList<IPAddress> addresses = IPAddress.TryParse(remote.Host, out var literal) ? [literal]
            : (options.Resolve?.Invoke(remote.Host) ?? EventLoop.Current.Network.Resolve(remote.Host)) is { } known ? await known
            : await AskSystemAsync(remote);
        if (addresses.Count == 0)
        {
            throw Unresolvable(remote, SocketError.NoData, null);
        }

        return [.. Interleave(addresses).Select(address => new IPEndPoint(address, remote.Port))];
    }

    /// <summary>The system's resolver blocks its thread, so it runs on the pool's; the wait for it can be abandoned.</summary>
    private static async Coroutine<IPAddress[]> AskSystemAsync(DnsEndPoint remote)
    {
        try
        {
            return await Dns.GetHostAddressesAsync(remote.Host).OrCanceled();
        }
        catch (Exception failure) when (failure is SocketException or ArgumentException)
        {
            throw Unresolvable(remote, (failure as SocketException)?.SocketErrorCode ?? SocketError.HostNotFound, failure);
        }
    }

    /// <summary>The families in turn, each in the order in which it came, beginning with the first (RFC 8305, section 4).</summary>
    internal static IEnumerable<IPAddress> Interleave(IReadOnlyList<IPAddress> addresses)
    {
        var preferred = addresses.Where(address => address.AddressFamily == addresses[0].AddressFamily).ToArray();
        var others = addresses.Where(address => address.AddressFamily != addresses[0].AddressFamily).ToArray();
        for (var i = 0; i < Math.Max(preferred.Length, others.Length); i++)
        {
            if (i < preferred.Length)
            {
                yield return preferred[i];
            }

            if (i < others.Length)
            {
                yield return others[i];
            }
        }
    }

    private static ConnectionException Unresolvable(DnsEndPoint remote, SocketError error, Exception? inner) => new(
        $"Connecting to {IoFailures.Name(remote)} failed: the name '{remote.Host}' has no address. It may be misspelt, "
        + "or the resolver cannot be reached.",
        error,
        remote,
        inner);
}
