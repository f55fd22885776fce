using Heddle.Orleans;

namespace Heddle.OrleansStage;

/// <summary>A cluster of a check's own, with a folder where its functions leave traces.</summary>
internal sealed class TestCluster(StageSettings settings) : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("heddle-orleans-");
    private readonly List<SiloProcess> _silos = [];

    internal StageSettings Settings => settings;

    internal string Name { get; } = $"stage-{Guid.NewGuid():N}";

    internal string Folder => _folder.FullName;

    /// <summary>Starts a silo with two workers and waits until it has joined.</summary>
    internal SiloProcess StartSilo(params string[] more) => StartSilos(1, more)[0];

    internal SiloProcess[] StartSilos(int count, params string[] more)
    {
        var silos = new SiloProcess[count];
        for (var i = 0; i < count; i++)
        {
            silos[i] = SiloProcess.Start(settings, ["--cluster", Name, "--workers", "2", .. more]);
            _silos.Add(silos[i]);
        }

        foreach (var silo in silos)
        {
            silo.WaitForJoin();
        }

        return silos;
    }

    internal OrleansExecutor MakeExecutor(int maxAttempts = 3) => new(new() { Redis = settings.Redis, ClusterId = Name, MaxAttempts = maxAttempts });

    /// <summary>Runs the body on a loop, for no longer than it should take.</summary>
    internal static void OnLoop(Func<Coroutine> body)
    {
        var reports = new List<LoopReport>();
        EventLoop.Run(() => body().WithTimeout(s_patience), new() { HandleSignals = false, OnReport = reports.Add });
        Stage.Require(reports.Count == 0, string.Join(Environment.NewLine, reports.Select(report => report.Message)));
    }

    /// <summary>Which items each process has run.</summary>
    internal IReadOnlyDictionary<int, List<int>> Traces() => _folder.GetFiles("ran.*").ToDictionary(
        file => int.Parse(file.Extension[1..]),
        file => File.ReadAllLines(file.FullName).Select(int.Parse).ToList());

    public void Dispose()
    {
        foreach (var silo in _silos)
        {
            silo.Dispose();
        }

        _folder.Delete(recursive: true);
    }
}
