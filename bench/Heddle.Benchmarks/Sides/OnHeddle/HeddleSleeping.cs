using Heddle.Benchmarks.Rows;

namespace Heddle.Benchmarks.Sides.OnHeddle;

static class HeddleSleeping
{
    public static Coroutine<Sample> MeasureAsync(Load load) => TaskGroup.RunAsync(async group =>
    {
        var sleepers = new LoopTask[load.Operations];
        long before = GC.GetTotalMemory(forceFullCollection: true);
        for (int i = 0; i < sleepers.Length; i++)
            sleepers[i] = group.Start(SleeperAsync());
        await Coroutine.Delay(TimeSpan.FromMilliseconds(10));
        long grown = GC.GetTotalMemory(forceFullCollection: true) - before;
        GC.KeepAlive(sleepers);
        group.Cancel();
        return new Sample(null, null, (double)grown / load.Operations);
    });

    static async Coroutine SleeperAsync() => await Coroutine.Delay(TimeSpan.FromHours(1));
}
