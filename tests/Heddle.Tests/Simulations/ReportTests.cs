using Heddle.Testing;
using Heddle.TestSupport;

namespace Heddle.Tests.Simulations;

/// <summary>What a failure says.</summary>
public class ReportTests
{
    [Fact]
    public void Tasks_without_a_name_have_the_same_number_in_each_run_so_that_a_report_is_the_same_each_time()
    {
        var (one, other) = (Fail(), Fail());
        Assert.Contains("'task-2'", one);
        Assert.Equal(one, other);

        static string Fail() => Assert.Throws<SimulationFailedException>(() => Simulation.Explore(async () =>
        {
            await LoopTask.Start(Coroutine.Delay(Timeout.InfiniteTimeSpan));
        })).Message;
    }

    [Fact]
    public void It_shows_the_steps_by_task_with_the_lines_and_marks_each_deviation()
    {
        var failure = Assert.Throws<SimulationFailedException>(() => Simulation.Explore(DepositTwiceAsync));
        var (reads, both) = (LineOf("await Coroutine.Yield(); // reads"), LineOf("await Coroutine.Yield(); // both"));
        Assert.Contains(
            $"""
            The order of steps, which is first come, first served but for this:
              * step 5: ann, at await Coroutine.Yield in ReportTests.DepositAsync (ReportTests.cs:{reads}), is held back until nothing else is ready
            """,
            failure.Message);
        Assert.Contains("  step │ main ", failure.Message);
        Assert.Contains($" :{reads} → ends\n", failure.Message);
        Assert.Contains($"     1 │ starts → DepositTwiceAsync(lambda):{both} Yield\n", failure.Message);
        Assert.Matches(@"\n +\* 5 │ +│ +│ :\d+ → ", failure.Message);
    }

    [Fact]
    public void It_says_that_the_plain_loop_does_it_too()
        => Assert.Contains("A plain loop, which is first come, first served, does this each time.", Fails(async world =>
        {
            await Coroutine.Yield();
            world.Always(false, "no");
        }));

    [Fact]
    public void It_says_that_another_arrival_would_do_it()
        => Assert.Contains("A plain loop does this, too, when a timer is due, or something arrives, a moment sooner or later.", Fails(async world =>
        {
            var last = 0;
            await Racing.TogetherAsync(
                async () =>
                {
                    await Coroutine.Delay(Expect.Second);
                    last = 1;
                },
                async () =>
                {
                    await Coroutine.Delay(Expect.Second);
                    last = 2;
                });
            world.Always(last == 2, "the second is last");
        }));

    [Fact]
    public void It_says_that_the_plain_loop_does_not_do_it()
        => Assert.Contains("A plain loop, which is first come, first served, does not do this as the program stands", Fails(DepositTwiceAsync));

    [Fact]
    public void It_says_how_many_runs_make_a_fix_believed()
    {
        // One in two fails: after 7 that do not, chance is one in 128.
        var message = Fails(async world =>
        {
            await Coroutine.Yield();
            world.Always(world.Random.Next(2) == 0, "heads");
        });
        Assert.Matches(@"Of 200 further runs with other seeds (8\d|9\d|1[01]\d) failed so: after a fix, [678] without a failure make it 99 % sure\.", message);
    }

    [Fact]
    public void A_long_run_is_shown_in_part()
    {
        var message = Fails(async world =>
        {
            for (var i = 0; i < 300; i++)
            {
                await Coroutine.Yield();
            }

            world.Always(false, "no");
        });
        Assert.Contains("… │ (290 more)", message);
        Assert.Contains("  301 │ ", message);
    }

    [Fact]
    public void Of_many_tasks_a_few_have_a_column()
    {
        var message = Fails(async world =>
        {
            await Racing.TogetherAsync([.. Enumerable.Repeat<Func<Coroutine>>(async () => await Coroutine.Yield(), 12)]);
            world.Always(false, "no");
        });
        Assert.Contains("│ others", message);
        Assert.Matches(@"step │ main +│ ReportTests\.\w+\(lambda\) +│ ReportTests\.\w+\(lambda\)\*2 ", message);
    }

    [Fact]
    public void Time_has_a_column_where_it_passes()
        => Assert.Matches(@"step │ time +│ main", Fails(async world =>
        {
            await Coroutine.Delay(TimeSpan.FromMilliseconds(1500));
            world.Always(false, "no");
        }));

    private static async Coroutine DepositTwiceAsync(SimulationWorld world)
    {
        var balance = 0;
        await TaskGroup.RunAsync(async accounts =>
        {
            accounts.Start(DepositAsync(0), "ann");
            accounts.Start(DepositAsync(2), "bob");
            await Coroutine.Yield(); // both
        });
        world.Always(balance == 20, "no deposit is lost");

        async Coroutine DepositAsync(int steps)
        {
            for (var i = 0; i < steps; i++)
            {
                await Coroutine.Yield();
            }

            var before = balance;
            await Coroutine.Yield(); // reads
            balance = before + 10;
        }
    }

    private static string Fails(Func<SimulationWorld, Coroutine> body)
        => Assert.Throws<SimulationFailedException>(() => Simulation.Explore(body)).Message;

    private static int LineOf(string text)
        => 1 + Array.FindIndex(
            File.ReadAllLines(Repository.Files("tests/Heddle.Tests/Simulations", "ReportTests.cs").Single()), line => line.Trim() == text);
}
