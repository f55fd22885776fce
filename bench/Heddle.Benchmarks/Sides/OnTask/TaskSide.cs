using Heddle.Benchmarks.Rows;

namespace Heddle.Benchmarks.Sides.OnTask;

static class TaskSide
{
    public static Side Create(string key, ITaskHost host)
    {
        return new Side(key, ".NET " + Environment.Version,
        [
            Plan("switch", TaskSwitch.OneAsync, new(2_000), new(2_000_000)),
            Plan("switch_100", count => TaskSwitch.HundredAsync(host, count), new(2_000), new(2_000_000)),
            Plan("child", TaskChild.MeasureAsync, new(10_000), new(10_000_000)),
            Plan("spawn_join", count => TaskSpawnJoin.OneByOneAsync(host, count), new(1_000), new(400_000)),
            Plan("spawn_join_1000", count => TaskSpawnJoin.ThousandAsync(host, count), new(5_000), new(400_000)),
            Plan("queue_hop", count => TaskQueueHop.MeasureAsync(host, count), new(1_000), new(400_000)),
            Plan("free_lock", TaskFreeLock.MeasureAsync, new(10_000), new(5_000_000)),
            PlanRow("timer", TaskTimer.MeasureAsync, new(5_000, 100), new(1_000_000, 1_000_000)),
            PlanRow("sleeping_task", TaskSleeping.MeasureAsync, new(10), new(200_000)),
        ]);

        RowPlan Plan(string row, Func<int, Task> body, Load warmUp, Load measured) =>
            PlanRow(row, load => MeasureAsync(load, body), warmUp, measured);

        RowPlan PlanRow(string row, Func<Load, Task<Sample>> measure, Load warmUp, Load measured) =>
            new(row, load => host.Run(() => measure(load)), warmUp, measured);
    }

    /// <param name="body">Does so many operations.</param>
    public static async Task<Sample> MeasureAsync(Load load, Func<int, Task> body)
    {
        Meter meter = Meter.Start();
        await body(load.Operations);
        return meter.Stop(load.Operations);
    }
}
