namespace Heddle.Tests.Sync;

/// <summary>Who is cancelled, and when: every choice of some tasks, at every step.</summary>
internal static class Victims
{
    /// <summary>One task, two tasks, and so on; of each number every choice but the empty one, a bit for each task.</summary>
    internal static IEnumerable<(int Tasks, int Mask)> OfUpTo(int most)
        => from tasks in Enumerable.Range(1, most)
           from mask in Enumerable.Range(1, (1 << tasks) - 1)
           select (tasks, mask);

    internal static void CancelThose(this IReadOnlyList<LoopTask> tasks, int mask)
    {
        for (var i = 0; i < tasks.Count; i++)
        {
            if (mask.Has(i))
            {
                tasks[i].Cancel("struck");
            }
        }
    }

    internal static bool Has(this int mask, int task) => (mask & (1 << task)) != 0;

    /// <param name="run">Runs a program anew, strikes before the given step, and returns how many steps it had.</param>
    internal static void StrikeAtEveryStep(Func<int, int> run)
    {
        var steps = run(int.MaxValue);
        Assert.InRange(steps, 5, 1000);
        for (var step = 1; step <= steps; step++)
        {
            Assert.InRange(run(step), step, 1000);
        }
    }
}
