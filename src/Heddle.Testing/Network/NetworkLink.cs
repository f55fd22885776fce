namespace Heddle.Testing;

/// <summary>What is between two hosts of a <see cref="MemoryNetwork"/>, for both directions. Loop thread only.</summary>
/// <remarks>While it is cut, what is sent over a stream waits and arrives when it is healed, as does a connection that is being made; datagrams are lost.</remarks>
public sealed class NetworkLink
{
    private readonly List<Action> _waiting = [];
    private readonly string[] _ends;
    private readonly bool[] _isCutFrom = new bool[2];

    internal NetworkLink(string first, string second) => _ends = [first, second];

    /// <summary>How long what is sent from now on is on its way, beside <see cref="MemoryNetwork.Latency"/>. Default: no time.</summary>
    public Latency Latency { get; set; }

    /// <summary>How many bytes of a stream get through in a second, of each connection and direction. Default: null, without a limit.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not positive.</exception>
    public long? BytesPerSecond
    {
        get;
        set => field = value is null or > 0 ? value : throw new ArgumentOutOfRangeException(nameof(BytesPerSecond), value, "Some bytes a second must get through.");
    }

    /// <summary>Whether nothing gets through in at least one direction.</summary>
    public bool IsCut => _isCutFrom[0] || _isCutFrom[1];

    /// <summary>From now on nothing gets through, in both directions.</summary>
    public void Cut() => _isCutFrom[0] = _isCutFrom[1] = true;

    /// <summary>From now on nothing gets through that this host sends.</summary>
    /// <exception cref="ArgumentException">The host is none of the two.</exception>
    public void CutFrom(string host) => _isCutFrom[IndexOf(host)] = true;

    /// <summary>All gets through again. What has waited is sent now.</summary>
    public void Heal()
    {
        _isCutFrom[0] = _isCutFrom[1] = false;
        var waiting = _waiting.ToArray();
        _waiting.Clear();
        foreach (var send in waiting)
        {
            send();
        }
    }

    /// <summary>The two hosts.</summary>
    public override string ToString() => $"{_ends[0]}~{_ends[1]}";

    /// <param name="direction">0 for both, 1 for what the first host sends, 2 for what the second does.</param>
    internal void Cut(int direction)
    {
        _isCutFrom[0] |= direction != 2;
        _isCutFrom[1] |= direction != 1;
    }

    internal bool IsCutFrom(string host) => _isCutFrom[_ends[0] == host ? 0 : 1];

    internal void WhenHealed(Action send) => _waiting.Add(send);

    private int IndexOf(string host)
    {
        ArgumentNullException.ThrowIfNull(host);
        return Array.IndexOf(_ends, host) is >= 0 and var index ? index
            : throw new ArgumentException($"The link is between '{_ends[0]}' and '{_ends[1]}', and '{host}' is none of them.", nameof(host));
    }
}
