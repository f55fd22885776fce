using System.Diagnostics;
using Heddle.Benchmarks.Rows;

namespace Heddle.Benchmarks.Processes;

/// <summary>What .NET has of its own, on the thread pool.</summary>
static class PlatformProcesses
{
    public static Side Create() => new("process", ".NET " + Environment.Version,
    [
        new(ProcessRows.One.Key, load => Measure(load, 1), ProcessRows.WarmUp, ProcessRows.Measured),
        new(ProcessRows.Sixteen.Key, load => Measure(load, 16), ProcessRows.WarmUp, ProcessRows.Measured),
        new(ProcessRows.Output.Key, load => MeasureOutput(load).GetAwaiter().GetResult(), ProcessRows.WarmUp, ProcessRows.Measured),
    ]);

    static Sample Measure(Load load, int atATime)
    {
        Meter meter = Meter.Start();
        Task.WhenAll(Enumerable.Range(0, atATime).Select(_ => RunManyAsync(load.Operations / atATime))).GetAwaiter().GetResult();
        return meter.Stop(load.Operations / atATime * atATime);
    }

    static async Task RunManyAsync(int count)
    {
        for (int i = 0; i < count; i++)
        {
            using Process process = Process.Start(new ProcessStartInfo(ProcessRows.Program) { UseShellExecute = false })!;
            await process.WaitForExitAsync();
            if (process.ExitCode != 0)
                throw new InvalidOperationException("It failed.");
        }
    }

    static async Task<Sample> MeasureOutput(Load load)
    {
        Meter meter = Meter.Start();
        for (int i = 0; i < load.Operations; i++)
        {
            using Process process = Process.Start(new ProcessStartInfo("/bin/echo", ["hello"]) { RedirectStandardOutput = true })!;
            string output = await process.StandardOutput.ReadToEndAsync();
            await process.WaitForExitAsync();
            if (output != "hello\n" || process.ExitCode != 0)
                throw new InvalidOperationException("Something else came out.");
        }
        return meter.Stop(load.Operations);
    }
}
