using Heddle.Benchmarks.Rows;
using Heddle.Benchmarks.Sides.OnHeddle;
using Heddle.Benchmarks.Sides.OnTask;

namespace Heddle.Benchmarks.Sides;

static class AllSides
{
    public static Side[] Sides { get; } =
    [
        HeddleSide.Create(),
        TaskSide.Create("task", new SingleThreadHost()),
        TaskSide.Create("pool", new PoolHost()),
    ];

    public static Func<Load, Sample> Find(string side, string row) =>
        Sides.Single(one => one.Key == side).Plans.Single(plan => plan.Key == row).Run;
}
