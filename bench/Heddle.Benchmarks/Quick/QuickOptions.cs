namespace Heddle.Benchmarks.Quick;

/// <summary>The options of the quick command.</summary>
sealed record QuickOptions(int Rounds, string[]? Peers, string? JsonFile)
{
    public static readonly string[] KnownPeers = ["task", "pool", "asyncio", "uvloop", "go"];

    public bool Wants(string peer) => Peers is null || Peers.Contains(peer);

    public static QuickOptions? Parse(string[] args, out string problem)
    {
        var options = new QuickOptions(Rounds: 7, Peers: null, JsonFile: null);
        problem = "";
        for (int i = 0; i < args.Length; i += 2)
        {
            string? value = i + 1 < args.Length ? args[i + 1] : null;
            switch (args[i], value)
            {
                case ("--rounds", not null) when int.TryParse(value, out int rounds) && rounds > 0:
                    options = options with { Rounds = rounds };
                    break;
                case ("--peers", "none"):
                    options = options with { Peers = [] };
                    break;
                case ("--peers", not null) when value.Split(',').All(KnownPeers.Contains):
                    options = options with { Peers = value.Split(',') };
                    break;
                case ("--json", not null):
                    options = options with { JsonFile = value };
                    break;
                default:
                    problem = $"quick does not understand '{args[i]} {value}'; see --help.";
                    return null;
            }
        }
        return options;
    }
}
