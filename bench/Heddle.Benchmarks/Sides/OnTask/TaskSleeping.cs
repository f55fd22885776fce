using Heddle.Benchmarks.Rows;

namespace Heddle.Benchmarks.Sides.OnTask;

static class TaskSleeping
{
    // Nothing ends the sleepers but the end of the process: a token would add its registration to each.
    public static async Task<Sample> MeasureAsync(Load load)
    {
        var sleepers = new Task[load.Operations];
        long before = GC.GetTotalMemory(forceFullCollection: true);
        for (int i = 0; i < sleepers.Length; i++)
            sleepers[i] = SleeperAsync();
        await Task.Delay(10);
        long grown = GC.GetTotalMemory(forceFullCollection: true) - before;
        GC.KeepAlive(sleepers);
        return new Sample(null, null, (double)grown / load.Operations);
    }

    static async Task SleeperAsync() => await Task.Delay(TimeSpan.FromHours(1));
}
