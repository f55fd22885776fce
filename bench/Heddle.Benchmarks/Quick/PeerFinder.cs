using System.Reflection;

namespace Heddle.Benchmarks.Quick;

/// <summary>Finds what can be compared with on this machine. Heddle comes first.</summary>
static class PeerFinder
{
    public static Peer[] Find(QuickOptions options)
    {
        List<Peer> peers = [new("heddle", "Heddle", ThisProgram("heddle"))];
        if (options.Wants("task"))
            peers.Add(new("task", "Task, 1 thread", ThisProgram("task")));
        if (options.Wants("pool"))
            peers.Add(new("pool", "Task, pool", ThisProgram("pool")));
        if (options.Wants("asyncio") || options.Wants("uvloop"))
        {
            var python = PythonPeers.Find();
            peers.AddRange(new[] { python.Asyncio, python.Uvloop }.Where(peer => options.Wants(peer.Key)));
        }
        if (options.Wants("go"))
            peers.Add(GoPeer.Find());
        return [.. peers];
    }

    static PeerCommand ThisProgram(string side)
    {
        string program = Environment.ProcessPath!;
        bool isDotNetHost = Path.GetFileNameWithoutExtension(program) == "dotnet";
        string[] host = isDotNetHost ? [Assembly.GetEntryAssembly()!.Location] : [];
        return new PeerCommand(program, [.. host, "rows", side]);
    }
}
