using Heddle.Testing;

namespace Heddle.Tests.Simulations;

/// <summary>That all orders are all.</summary>
public class ExhaustiveTests
{
    [Theory]
    [InlineData(2, 1)]
    [InlineData(2, 3)]
    [InlineData(3, 1)]
    [InlineData(3, 2)]
    [InlineData(4, 1)]
    public void All_orders_of_a_small_program_are_those_of_a_brute_force_enumeration(int tasks, int steps)
    {
        var seen = new HashSet<string>();
        var summary = Simulation.Explore(
            async () =>
            {
                var order = new List<int>();
                await RunAsync(order, tasks, steps);
                seen.Add(string.Concat(order));
            },
            new() { Exhaustive = true, Deviations = 100, Runs = 1_000_000, Time = Timeout.InfiniteTimeSpan });
        Assert.Equal(100, summary.CompleteUpTo);
        Assert.Null(summary.Beyond);
        Assert.Equal(Interleavings([.. Enumerable.Repeat(steps, tasks)]).Order(), seen.Order());
    }

    [Fact]
    public void With_one_deviation_there_is_a_run_for_each_option_of_each_choice()
    {
        // a and b of two steps each, with main beside them in their first ones: the choices of the first run have 3, 2, 2 and 2 ready tasks, each of
        // which can be taken but for the first, which can be held.
        var ready = new List<int>();
        var summary = Simulation.Explore(() => RunAsync([], 2, 2), new() { Exhaustive = true, Deviations = 1 });
        Assert.Equal(1, summary.CompleteUpTo);
        Assert.Equal(1 + ChoicesOfFirstRun(), summary.Runs);

        // By hand: the same program as a plain queue.
        static int ChoicesOfFirstRun()
        {
            var queue = new Queue<(string Name, int Left)>();
            queue.Enqueue(("main", 2));
            var options = 0;
            var open = 2;
            while (queue.Count > 0)
            {
                options += queue.Count > 1 ? queue.Count : 0;
                var (name, left) = queue.Dequeue();
                if (name == "main" && left == 2)
                {
                    queue.Enqueue(("a", 2));
                    queue.Enqueue(("b", 2));
                    queue.Enqueue(("main", 1));
                }
                else if (name != "main" && left > 1)
                {
                    queue.Enqueue((name, left - 1));
                }
                else if (name != "main" && --open == 0)
                {
                    queue.Enqueue(("main", 0));
                }
            }

            return options;
        }
    }

    [Fact]
    public void It_says_how_far_it_came()
    {
        var summary = Simulation.Explore(() => RunAsync([], 3, 4), new() { Exhaustive = true, Deviations = 3, Runs = 100 });
        Assert.Equal(1, summary.CompleteUpTo);
        Assert.Matches(@"^\d+ of [\d,]+ orders with 2$", summary.Beyond);
        Assert.Contains($"complete up to 1 deviation, {summary.Beyond}", summary.ToString());
    }

    private static async Coroutine RunAsync(List<int> order, int tasks, int steps)
        => await TaskGroup.RunAsync(async group =>
        {
            for (var task = 0; task < tasks; task++)
            {
                group.Start(NoteAsync(task));
            }

            await Coroutine.Yield();

            async Coroutine NoteAsync(int task)
            {
                order.Add(task);
                for (var step = 1; step < steps; step++)
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
