namespace Heddle.Benchmarks.Quick;

/// <summary>asyncio and uvloop, on the same interpreter when one can import uvloop.</summary>
static class PythonPeers
{
    static readonly string[] Candidates = ["python3", "/usr/bin/python3", "python"];

    public static (Peer Asyncio, Peer Uvloop) Find()
    {
        string? chosen = Environment.GetEnvironmentVariable("HEDDLE_BENCH_PYTHON");
        string[] candidates = chosen is null ? Candidates : [chosen];
        string? withUvloop = Array.Find(candidates, python => CanImport(python, "uvloop"));
        string? python = withUvloop ?? Array.Find(candidates, python => CanImport(python, "asyncio"));

        var asyncio = new Peer("asyncio", "asyncio", Command(python), "no Python with asyncio found");
        var uvloop = new Peer("uvloop", "uvloop", Command(withUvloop, "--uvloop"), "no Python with uvloop found");
        return (asyncio, uvloop);
    }

    static PeerCommand? Command(string? python, params string[] arguments) =>
        python is null ? null : new PeerCommand(python, [PeerFiles.At("asyncio_core.py"), .. arguments]);

    static bool CanImport(string python, string module) =>
        ChildProgram.TryRun(new PeerCommand(python, "-c", "import " + module), out _);
}
