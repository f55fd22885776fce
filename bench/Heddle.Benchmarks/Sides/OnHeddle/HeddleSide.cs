using Heddle.Benchmarks.Rows;

namespace Heddle.Benchmarks.Sides.OnHeddle;

/// <summary>Heddle with its default options; each run of a row is a loop of its own.</summary>
static class HeddleSide
{
    public static Side Create()
    {
        return new Side("heddle", ".NET " + Environment.Version,
        [
            Plan("switch", HeddleSwitch.OneAsync, new(2_000), new(5_000_000)),
            Plan("switch_100", HeddleSwitch.HundredAsync, new(2_000), new(5_000_000)),
            Plan("child", HeddleChild.MeasureAsync, new(10_000), new(10_000_000)),
            Plan("spawn_join", HeddleSpawnJoin.OneByOneAsync, new(1_000), new(1_000_000)),
            Plan("spawn_join_1000", HeddleSpawnJoin.ThousandAsync, new(5_000), new(1_000_000)),
            Plan("queue_hop", HeddleQueueHop.MeasureAsync, new(5_000), new(5_000_000)),
            Plan("free_lock", HeddleFreeLock.MeasureAsync, new(10_000), new(10_000_000)),
            PlanRow("timer", HeddleTimer.MeasureAsync, new(5_000, 100), new(1_000_000, 1_000_000)),
            PlanRow("sleeping_task", HeddleSleeping.MeasureAsync, new(10), new(200_000)),
        ]);

        static RowPlan Plan(string row, Func<int, Coroutine> body, Load warmUp, Load measured) =>
            PlanRow(row, load => MeasureAsync(load, body), warmUp, measured);

        static RowPlan PlanRow(string row, Func<Load, Coroutine<Sample>> measure, Load warmUp, Load measured) =>
            new(row, load => EventLoop.Run(measure(load)), warmUp, measured);
    }

    /// <param name="body">Does so many operations.</param>
    public static async Coroutine<Sample> MeasureAsync(Load load, Func<int, Coroutine> body)
    {
        Meter meter = Meter.Start();
        await body(load.Operations);
        return meter.Stop(load.Operations);
    }
}
