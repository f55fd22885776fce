using Heddle.Benchmarks.Rows;

namespace Heddle.Benchmarks.Processes;

static class HeddleProcesses
{
    static readonly SubprocessOptions Piped = new() { StandardOutput = SubprocessOutput.Pipe };

    public static Side Create() => new("heddle", ".NET " + Environment.Version,
    [
        new(ProcessRows.One.Key, load => Measure(load, 1), ProcessRows.WarmUp, ProcessRows.Measured),
        new(ProcessRows.Sixteen.Key, load => Measure(load, 16), ProcessRows.WarmUp, ProcessRows.Measured),
        new(ProcessRows.Output.Key, MeasureOutput, ProcessRows.WarmUp, ProcessRows.Measured),
    ]);

    public static async Coroutine RunManyAsync(int count)
    {
        for (int i = 0; i < count; i++)
        {
            await using Subprocess process = Subprocess.Start(ProcessRows.Program);
            if (!(await process.WaitAsync()).IsSuccess)
                throw new InvalidOperationException("It failed.");
        }
    }

    static Sample Measure(Load load, int atATime) => EventLoop.Run(async Coroutine<Sample> () =>
    {
        Meter meter = Meter.Start();
        await Coroutine.WhenAll(Enumerable.Range(0, atATime).Select(_ => RunManyAsync(load.Operations / atATime)));
        return meter.Stop(load.Operations / atATime * atATime);
    });

    static Sample MeasureOutput(Load load) => EventLoop.Run(async Coroutine<Sample> () =>
    {
        Meter meter = Meter.Start();
        for (int i = 0; i < load.Operations; i++)
        {
            await using Subprocess process = Subprocess.Start("/bin/echo", ["hello"], Piped);
            if ((await process.CollectAsync()).OutputText != "hello\n")
                throw new InvalidOperationException("Something else came out.");
        }
        return meter.Stop(load.Operations);
    });
}
