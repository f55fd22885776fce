namespace Heddle.Benchmarks.Quick;

/// <summary>asyncio and uvloop, on the same interpreter when one can import uvloop.</summary>
static class PythonPeers
{
    static readonly string[] Candidates = ["python3", "/usr/bin/python3", "python"];

    public static (Peer Asyncio, Peer Uvloop) Find()
    {
        string[] candidates = ChosenOr(Candidates);
        string? withUvloop = Array.Find(candidates, python => CanImport(python, "uvloop"));
        string? python = withUvloop ?? Array.Find(candidates, python => CanImport(python, "asyncio"));

        var asyncio = new Peer("asyncio", "asyncio", Command(python, "asyncio_core.py"), "no Python with asyncio found");
        var uvloop = new Peer("uvloop", "uvloop", Command(withUvloop, "asyncio_core.py", "--uvloop"), "no Python with uvloop found");
        return (asyncio, uvloop);
    }

    /// <summary>Any Python, with a program that needs nothing beside it.</summary>
    public static Peer FindAny(string key, string title, string program)
    {
        string? python = Array.Find(ChosenOr(Candidates), python => CanImport(python, "sys"));
        return new Peer(key, title, Command(python, program), "no Python found");
    }

    static string[] ChosenOr(string[] candidates) =>
        Environment.GetEnvironmentVariable("HEDDLE_BENCH_PYTHON") is { } chosen ? [chosen] : candidates;

    static PeerCommand? Command(string? python, string program, params string[] arguments) =>
        python is null ? null : new PeerCommand(python, [PeerFiles.At(program), .. arguments]);

    static bool CanImport(string python, string module) =>
        ChildProgram.TryRun(new PeerCommand(python, "-c", "import " + module), out _);
}
