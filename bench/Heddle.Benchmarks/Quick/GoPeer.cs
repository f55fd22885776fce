namespace Heddle.Benchmarks.Quick;

/// <summary>Go on one thread; its program is built once a run, beside this one.</summary>
static class GoPeer
{
    public static Peer Find()
    {
        string go = Environment.GetEnvironmentVariable("HEDDLE_BENCH_GO") ?? "go";
        if (!ChildProgram.TryRun(new PeerCommand(go, "version"), out _))
            return Missing("go is not installed");
        string program = PeerFiles.At("go", "core");
        var build = new PeerCommand(go, "build", "-o", program, PeerFiles.At("go", "core.go"));
        if (!ChildProgram.TryRun(build, out string output))
            return Missing("go build failed: " + output);
        return new Peer("go", "Go", new PeerCommand(program, [], [("GOMAXPROCS", "1")]));
    }

    static Peer Missing(string why) => new("go", "Go", null, why);
}
