namespace Heddle.Benchmarks.Quick;

/// <summary>A column: a program that takes row names and prints a report, or the reason why there is none.</summary>
sealed record Peer(string Key, string Title, PeerCommand? Command, string? Missing = null);

/// <summary>How to start a peer.</summary>
sealed record PeerCommand(string FileName, string[] Arguments, (string Name, string Value)[] Environment)
{
    public PeerCommand(string fileName, params string[] arguments) : this(fileName, arguments, []) { }
}
