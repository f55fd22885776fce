using Heddle.Benchmarks.Rows;

namespace Heddle.Benchmarks.Quick;

/// <summary>What every peer gave in every round.</summary>
sealed class Results(Peer[] peers)
{
    static readonly SortedDictionary<int, Sample> NoSamples = [];
    readonly Dictionary<(string Peer, string Row), SortedDictionary<int, Sample>> _samples = [];

    public Peer[] Peers { get; } = peers;

    public Dictionary<string, string> Versions { get; } = [];

    public List<string> Failures { get; } = [];

    public void Add(Peer peer, int round, RowReport report)
    {
        Versions[peer.Key] = report.Version;
        foreach ((string row, Sample sample) in report.Rows)
        {
            if (!_samples.TryGetValue((peer.Key, row), out var rounds))
                _samples[(peer.Key, row)] = rounds = [];
            rounds[round] = sample;
        }
    }

    public IReadOnlyDictionary<int, Sample> Samples(string peer, CoreRow row) =>
        _samples.TryGetValue((peer, row.Key), out var rounds) ? rounds : NoSamples;

    public double? Value(string peer, CoreRow row) => Median.Of(Samples(peer, row).Values.Select(s => Figure(s, row)));

    public double? Bytes(string peer, CoreRow row) => Median.Of(Samples(peer, row).Values.Select(s => s.Bytes));

    /// <summary>How many times Heddle's figure the peer's is: the median of the rounds' own ratios.</summary>
    public double? Ratio(string peer, CoreRow row)
    {
        IReadOnlyDictionary<int, Sample> ours = Samples("heddle", row);
        return Median.Of(Samples(peer, row)
            .Where(round => ours.ContainsKey(round.Key))
            .Select(round => Figure(round.Value, row) / Figure(ours[round.Key], row)));
    }

    static double? Figure(Sample sample, CoreRow row) => row.IsMemory ? sample.Bytes : sample.Nanoseconds;
}
