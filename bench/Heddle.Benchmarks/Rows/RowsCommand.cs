using System.Text.Json;
using Heddle.Benchmarks.Sides;

namespace Heddle.Benchmarks.Rows;

/// <summary>Runs one side's rows in this process and prints one line of JSON.</summary>
static class RowsCommand
{
    public static int Run(string sideKey, string[] keys)
    {
        if (Array.Find(AllSides.Sides, side => side.Key == sideKey) is not { } side)
            return Refuse("side", sideKey, AllSides.Sides.Select(one => one.Key));
        if (Array.Find(keys, key => CoreRow.Find(key) is null) is { } unknown)
            return Refuse("row", unknown, CoreRow.All.Select(row => row.Key));
        RowPlan[] plans = [.. side.Plans.Where(plan => IsWanted(plan, keys))];
        WarmUp.Run(plans);
        var samples = plans.ToDictionary(plan => plan.Key, plan => plan.Run(plan.Measured));
        Console.WriteLine(JsonSerializer.Serialize(new RowReport(side.Version, samples)));
        return 0;
    }

    // Sleepers want a process of their own, on every side; so they are measured only when asked for.
    static bool IsWanted(RowPlan plan, string[] keys) =>
        keys.Length > 0 ? keys.Contains(plan.Key) : plan.Key != CoreRow.SleepingTaskKey;

    static int Refuse(string kind, string given, IEnumerable<string> known)
    {
        Console.Error.WriteLine($"No {kind} '{given}'; there are: {string.Join(", ", known)}.");
        return 2;
    }
}
