using Heddle.Testing;

namespace Heddle.Tests.Simulations;

/// <summary>That all orders are all.</summary>
public class ExhaustiveTests
{
    [Theory]
    [InlineData(0, 0)]
    [InlineData(6)]
    [InlineData(3, 3)]
    [InlineData(5, 1)]
    [InlineData(1, 5)]
    [InlineData(2, 2, 2)]
    [InlineData(3, 2, 1)]
    [InlineData(0, 0, 0, 0)]
    [InlineData(1, 1, 1, 1)]
    [InlineData(2, 2, 1, 1)]
    [InlineData(0, 1, 2, 3)]
    public void All_orders_of_a_small_program_are_those_of_a_brute_force_enumeration(params int[] suspensions)
    {
        var seen = new HashSet<string>();
        var summary = Simulation.Explore(
            async () =>
            {
                var order = new List<int>();
                await RunAsync(order, suspensions);
                seen.Add(string.Concat(order));
            },
            new() { Exhaustive = true, Deviations = 100, Runs = 1_000_000, Time = Timeout.InfiniteTimeSpan });
        Assert.Equal(100, summary.CompleteUpTo);
        Assert.Null(summary.Beyond);

        // What one task starts begins in the order of the starts.
        var tasks = string.Concat(Enumerable.Range(0, suspensions.Length));
        Assert.Equal(
            Interleavings([.. suspensions.Select(static count => count + 1)]).Where(order => string.Concat(order.Distinct()) == tasks).Order(), seen.Order());
    }

    [Fact]
    public void With_one_deviation_there_is_a_run_for_each_option_of_each_choice()
    {
        // a and b of two steps each, with main beside them in their first ones. Ready are: a and main, as b begins after a; b, main and a; main, a and b;
        // a and b. Each can be taken but for the first, which can be held.
        var summary = Simulation.Explore(() => RunAsync([], 1, 1), new() { Exhaustive = true, Deviations = 1 });
        Assert.Equal(1, summary.CompleteUpTo);
        Assert.Equal(1 + 2 + 3 + 3 + 2, summary.Runs);
    }

    [Fact]
    public void It_says_how_far_it_came()
    {
        var summary = Simulation.Explore(() => RunAsync([], 3, 3, 3), new() { Exhaustive = true, Deviations = 3, Runs = 100 });
        Assert.Equal(1, summary.CompleteUpTo);
        Assert.Matches(@"^\d+ of [\d,]+ orders with 2$", summary.Beyond);
        Assert.Contains($"complete up to 1 deviation, {summary.Beyond}", summary.ToString());
    }

    private static async Coroutine RunAsync(List<int> order, params int[] suspensions)
        => await TaskGroup.RunAsync(async group =>
        {
            for (var task = 0; task < suspensions.Length; task++)
            {
                group.Start(NoteAsync(task));
            }

            await Coroutine.Yield();

            async Coroutine NoteAsync(int task)
            {
                order.Add(task);
                for (var step = 0; step < suspensions[task]; step++)
                {
                    await Coroutine.Yield();
                    order.Add(task);
                }
            }
        });

    private static IEnumerable<string> Interleavings(int[] left)
        => left.All(count => count == 0)
            ? [""]
            : from task in Enumerable.Range(0, left.Length)
              where left[task] > 0
              from rest in Interleavings([.. left.Select((count, other) => other == task ? count - 1 : count)])
              select task + rest;
}
