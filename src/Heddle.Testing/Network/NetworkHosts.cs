using System.Net;

namespace Heddle.Testing;

/// <summary>The hosts of a simulated network, and what is between them.</summary>
internal sealed class NetworkHosts(SimulationRun run)
{
    /// <summary>Where code runs that was started in none of the hosts.</summary>
    internal const string Outside = "test";

    private static readonly TimeSpan[] s_durations =
        [TimeSpan.FromMilliseconds(10), TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(10)];

    private readonly List<SimulatedHost> _hosts = [];
    private readonly Dictionary<IPAddress, SimulatedHost> _byAddress = [];
    private readonly Dictionary<(string, string), NetworkLink> _links = [];
    private readonly Dictionary<NetworkLink, Choice> _partitions = [];
    private readonly Dictionary<(string, string), int> _streams = [];
    private readonly Dictionary<(string, string), NetworkWay> _datagrams = [];

    internal IReadOnlyList<SimulatedHost> All => _hosts;

    internal bool Has(SimulationFaults fault) => (run.Faults & fault) != 0;

    internal int Decide(Choice choice, int options) => run.Oracle.Decide(choice, options);

    internal SimulatedHost Add(string name, Func<Coroutine>? main)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (name == Outside || _hosts.Exists(host => host.Name == name))
        {
            throw new ArgumentException($"There is a host '{name}' already.", nameof(name));
        }

        var number = _hosts.Count + 1;
        var host = new SimulatedHost(run, name, new IPAddress([10, 0, (byte)(number >> 8), (byte)number]), main);
        _hosts.Add(host);
        _byAddress.Add(host.Address, host);
        run.Network.AddName(name, host.Address);
        return host;
    }

    internal SimulatedHost? At(EndPoint? endPoint) => endPoint is IPEndPoint ip ? _byAddress.GetValueOrDefault(ip.Address) : null;

    internal NetworkLink Between(string first, string second)
    {
        Verify(first);
        Verify(second);
        return first != second ? LinkBetween(first, second)!
            : throw new ArgumentException($"Both are '{first}', and a host needs no network to reach itself.", nameof(second));
    }

    /// <summary>Null within a host.</summary>
    internal NetworkLink? LinkBetween(string first, string second)
    {
        if (first == second)
        {
            return null;
        }

        var key = string.CompareOrdinal(first, second) < 0 ? (first, second) : (second, first);
        return _links.TryGetValue(key, out var link) ? link : _links[key] = new NetworkLink(key.Item1, key.Item2);
    }

    internal bool IsDown(string host) => _hosts.Find(one => one.Name == host) is { IsUp: false };

    internal void WhenUp(string host, Action action) => _hosts.Find(one => one.Name == host)!.WhenUp(action);

    /// <summary>The ways of a new stream there and back.</summary>
    internal (NetworkWay There, NetworkWay Back) OpenStream(EndPoint? from, EndPoint? to)
    {
        var (first, second) = (NameOf(from), NameOf(to));
        var number = _streams[(first, second)] = _streams.GetValueOrDefault((first, second)) + 1;
        return (new(this, first, second, $"{first}>{second}*{number}"), new(this, second, first, $"{second}>{first}*{number}"));
    }

    /// <summary>The way of all datagrams from the one host to the other.</summary>
    internal NetworkWay OfDatagrams(EndPoint? from, EndPoint? to)
    {
        var (first, second) = (NameOf(from), NameOf(to));
        return _datagrams.TryGetValue((first, second), out var way) ? way
            : _datagrams[(first, second)] = new(this, first, second, $"{first}>{second}*datagrams");
    }

    /// <summary>Something is sent over the link: it may be cut from now on, for a while.</summary>
    internal void MayPart(NetworkLink link)
    {
        if (link.IsCut || !Has(SimulationFaults.Partition))
        {
            return;
        }

        if (!_partitions.TryGetValue(link, out var choice))
        {
            _partitions.Add(link, choice = new Choice("partition", link.ToString, SimulationFaults.Partition));
        }

        var chosen = Decide(choice, 1 + (3 * s_durations.Length)) - 1;
        if (chosen < 0)
        {
            return;
        }

        link.Cut(direction: chosen % 3);
        run.Network.After(s_durations[chosen / 3], link.Heal);
    }

    /// <summary>For how long a host is down that has crashed.</summary>
    internal static TimeSpan DurationOf(int choice) => s_durations[choice % s_durations.Length];

    internal static int Durations => s_durations.Length;

    private string NameOf(EndPoint? endPoint) => At(endPoint)?.Name ?? Outside;

    private void Verify(string host)
    {
        ArgumentNullException.ThrowIfNull(host);
        if (host != Outside && !_hosts.Exists(one => one.Name == host))
        {
            throw new ArgumentException(
                $"There is no host '{host}'. Add it first: world.AddHost(\"{host}\", ...). Code that runs in no host is in '{Outside}'.", nameof(host));
        }
    }
}
