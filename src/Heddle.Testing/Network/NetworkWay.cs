namespace Heddle.Testing;

/// <summary>One direction of a stream, or of datagrams from one end point to another, in a simulated network: how long what is sent takes, and what befalls it.</summary>
/// <param name="hosts">Of the network.</param>
/// <param name="from">The host that sends.</param>
/// <param name="to">The host that receives.</param>
/// <param name="name">Of the stream: of its hosts, and the how-manieth between them.</param>
internal sealed class NetworkWay(NetworkHosts hosts, string from, string to, string name)
{
    private readonly NetworkLink? _link = hosts.LinkBetween(from, to);
    private Choice? _delay;
    private Choice? _shortRead;
    private Choice? _shortWrite;
    private Choice? _reset;
    private Choice? _refusal;
    private Choice? _hang;
    private Choice? _loss;
    private Choice? _copy;
    private Choice? _reordering;

    /// <summary>Whether nothing gets through now, on a cut link or to a host that is down.</summary>
    internal bool IsCut => _link?.IsCutFrom(from) == true || hosts.IsDown(to);

    internal bool IsReset => Strikes(SimulationFaults.Reset, ref _reset, "reset");

    internal bool IsRefused => Strikes(SimulationFaults.Refuse, ref _refusal, "refusal");

    internal bool HangsUp => Strikes(SimulationFaults.Hang, ref _hang, "hang");

    internal bool IsLost => Strikes(SimulationFaults.Loss, ref _loss, "loss");

    internal bool IsCopied => Strikes(SimulationFaults.Duplicate, ref _copy, "duplicate");

    internal bool IsOvertaken => Strikes(SimulationFaults.Reorder, ref _reordering, "reorder");

    /// <summary>How many of the bytes that could be read, or written, are.</summary>
    internal int Shorten(int count, bool isRead)
    {
        if (count < 2 || !hosts.Has(isRead ? SimulationFaults.ShortRead : SimulationFaults.ShortWrite))
        {
            return count;
        }

        ref var choice = ref isRead ? ref _shortRead : ref _shortWrite;
        choice ??= isRead
            ? new Choice("short-read", () => name, SimulationFaults.ShortRead)
            : new Choice("short-write", () => name, SimulationFaults.ShortWrite);
        return hosts.Decide(choice, 3) switch
        {
            1 => 1,
            2 => (count + 1) / 2,
            _ => count,
        };
    }

    /// <summary>How long something that is sent now takes; here a partition may begin.</summary>
    /// <param name="bytes">Of a stream; of others their number makes no difference.</param>
    internal TimeSpan Delay(int bytes)
    {
        if (_link is null)
        {
            return TimeSpan.Zero;
        }

        hosts.MayPart(_link);
        var latency = _link.Latency;
        var option = latency.Least == latency.Most ? 0 : hosts.Decide(_delay ??= new Choice("delay", () => name), Latency.Options);
        return latency.At(option) + (_link.BytesPerSecond is { } speed ? TimeSpan.FromSeconds((double)bytes / speed) : TimeSpan.Zero);
    }

    internal void WhenHealed(Action send)
    {
        if (hosts.IsDown(to))
        {
            hosts.WhenUp(to, send);
        }
        else
        {
            _link!.WhenHealed(send);
        }
    }

    private bool Strikes(SimulationFaults fault, ref Choice? choice, string what)
        => hosts.Has(fault) && hosts.Decide(choice ??= new Choice(what, () => name, fault), 2) != 0;
}
