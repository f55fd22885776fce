using System.Diagnostics;

namespace Heddle.OrleansStage;

/// <summary>A heddle-silo in a process of its own.</summary>
internal sealed class SiloProcess : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(1);

    private readonly Process _process;

    private SiloProcess(Process process) => _process = process;

    internal int Id => _process.Id;

    internal static SiloProcess Start(StageSettings settings, params string[] arguments)
    {
        string[] all =
            [settings.SiloProgram, "--redis", settings.Redis, "--assembly", typeof(SiloProcess).Assembly.Location, .. arguments];
        var start = new ProcessStartInfo("dotnet", all) { RedirectStandardOutput = true, RedirectStandardError = true };
        return new(Process.Start(start)!);
    }

    internal void WaitForJoin()
    {
        // The first line says it; without one the program has ended.
        var line = _process.StandardOutput.ReadLine() ?? _process.StandardError.ReadToEnd();
        Stage.Require(line.Contains("has joined", StringComparison.Ordinal), $"A silo did not join: {line}");
    }

    internal void Kill() => _process.Kill();

    internal void Terminate() => Signals.Send(_process, "TERM");

    /// <summary>Waits for its end.</summary>
    internal (int ExitCode, string Output, string Errors) End()
    {
        var errors = _process.StandardError.ReadToEndAsync();
        var output = _process.StandardOutput.ReadToEnd();
        Stage.Require(_process.WaitForExit(s_patience), "A silo has not ended.");
        return (_process.ExitCode, output, errors.Result);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            _process.WaitForExit();
        }

        _process.Dispose();
    }
}
