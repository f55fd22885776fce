using System.Globalization;
using Heddle.Benchmarks.Rows;

namespace Heddle.Benchmarks.Quick;

/// <summary>What the runtime is to be ahead of.</summary>
static class Goals
{
    static readonly Goal[] All =
    [
        new("switch", "at least 75 times asyncio's speed", Ratio("asyncio"), true, 75),
        new("switch", "at least 1.5 times Go's", Ratio("go"), true, 1.5),
        new("child", "at most 20 ns", Ours, false, 20),
        new("spawn_join", "at least 50 times asyncio's speed", Ratio("asyncio"), true, 50),
        new("spawn_join", "at least 3 times Go's", Ratio("go"), true, 3),
        new("queue_hop", "at least 60 times asyncio's speed", Ratio("asyncio"), true, 60),
        new("queue_hop", "at least 2 times Go's", Ratio("go"), true, 2),
        new("free_lock", "at least 30 times asyncio's speed", Ratio("asyncio"), true, 30),
        new("timer", "at least 40 times asyncio's speed", Ratio("asyncio"), true, 40),
        new(CoreRow.SleepingTaskKey, "at most 300", Ours, false, 300),
        new("switch", "0 bytes", OurBytes, false, 0),
        new("child", "0 bytes", OurBytes, false, 0),
        new("queue_hop", "0 bytes", OurBytes, false, 0),
        new("free_lock", "0 bytes", OurBytes, false, 0),
        new("timer", "0 bytes", OurBytes, false, 0),
    ];

    public static IEnumerable<string[]> Table(Results results)
    {
        yield return ["goal", "measured", "met"];
        foreach (Goal goal in All)
        {
            CoreRow row = CoreRow.Find(goal.Row)!;
            double? figure = goal.Figure(results, row);
            bool isMet = goal.IsFloor ? figure >= goal.Limit : figure <= goal.Limit;
            yield return
            [
                $"{row.Title}: {goal.Text}",
                figure?.ToString("0.0", CultureInfo.InvariantCulture) ?? "–",
                figure is null ? "–" : isMet ? "yes" : "no",
            ];
        }
    }

    static double? Ours(Results results, CoreRow row) => results.Value("heddle", row);

    static Func<Results, CoreRow, double?> Ratio(string peer) => (results, row) => results.Ratio(peer, row);

    // A stray object of the runtime in millions of operations is not an allocation an operation.
    static double? OurBytes(Results results, CoreRow row) =>
        results.Bytes("heddle", row) is { } bytes ? Math.Round(bytes, 2) : null;

    sealed record Goal(
        string Row,
        string Text,
        Func<Results, CoreRow, double?> Figure,
        bool IsFloor,
        double Limit);
}
