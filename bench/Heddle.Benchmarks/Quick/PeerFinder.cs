using System.Reflection;

namespace Heddle.Benchmarks.Quick;

/// <summary>Finds what can be compared with on this machine. Heddle comes first.</summary>
static class PeerFinder
{
    public static Peer[] Find(QuickOptions options)
    {
        List<Peer> peers = [new("heddle", "Heddle", ThisProgram("rows", "heddle"))];
        if (options.Wants("task"))
            peers.Add(new("task", "Task, 1 thread", ThisProgram("rows", "task")));
        if (options.Wants("pool"))
            peers.Add(new("pool", "Task, pool", ThisProgram("rows", "pool")));
        if (options.Wants("asyncio") || options.Wants("uvloop"))
        {
            var python = PythonPeers.Find();
            peers.AddRange(new[] { python.Asyncio, python.Uvloop }.Where(peer => options.Wants(peer.Key)));
        }
        if (options.Wants("go"))
            peers.Add(GoPeer.Find());
        return [.. peers];
    }

    /// <summary>This program, with these arguments.</summary>
    public static PeerCommand ThisProgram(params string[] arguments)
    {
        string program = Environment.ProcessPath!;
        bool isDotNetHost = Path.GetFileNameWithoutExtension(program) == "dotnet";
        string[] host = isDotNetHost ? [Assembly.GetEntryAssembly()!.Location] : [];
        return new PeerCommand(program, [.. host, .. arguments]);
    }
}
