using System.Net;
using System.Net.Sockets;

namespace Heddle;

/// <summary>From names to addresses.</summary>
internal static class NameResolution
{
    /// <summary>The host's addresses, in the order in which to try them.</summary>
    /// <param name="doing">What for, such as <c>Connecting to</c>.</param>
    /// <param name="remote">The host.</param>
    /// <param name="resolve">Asked before the network and the system; null for none.</param>
    internal static async Coroutine<List<IPEndPoint>> ResolveAsync(
        string doing, DnsEndPoint remote, Func<string, Coroutine<IReadOnlyList<IPAddress>>>? resolve)
    {
        IReadOnlyList<IPAddress> addresses = IPAddress.TryParse(remote.Host, out var literal) ? [literal]
            : (resolve?.Invoke(remote.Host) ?? EventLoop.Current.Network.Resolve(remote.Host)) is { } known ? await known
            : await AskSystemAsync(doing, remote);
        if (addresses.Count == 0)
        {
            throw Unresolvable(doing, remote, SocketError.NoData, null);
        }

        return [.. Interleave(addresses).Select(address => new IPEndPoint(address, remote.Port))];
    }

    private static async Coroutine<IPAddress[]> AskSystemAsync(string doing, DnsEndPoint remote)
    {
        try
        {
            return await NameLookups.ResolveAsync(remote.Host);
        }
        catch (Exception failure) when (failure is SocketException or ArgumentException)
        {
            throw Unresolvable(doing, remote, (failure as SocketException)?.SocketErrorCode ?? SocketError.HostNotFound, failure);
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

    private static ConnectionException Unresolvable(string doing, DnsEndPoint remote, SocketError error, Exception? inner) => new(
        $"{doing} {IoFailures.Name(remote)} failed: the name '{remote.Host}' has no address. It may be misspelt, "
        + "or the resolver cannot be reached.",
        error,
        remote,
        inner);
}
