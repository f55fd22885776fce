using Heddle.Testing;

namespace Heddle.Tests.Diagnostics;

/// <summary>Pitfalls 22: the task tree has each node once, and loses no frame at asynchronous generators or combinators.</summary>
public class SnapshotTests
{
    [Fact]
    public void It_shows_the_methods_of_a_task_the_outermost_first_and_what_it_waits_for() => Run(async () =>
    {
        using var worker = new Started(OuterAsync(), "worker");
        await Coroutine.Yield();

        var task = Find("worker");

        Assert.Equal(["SnapshotTests.OuterAsync", "SnapshotTests.SleepAsync"], task.Frames);
        Assert.Equal("a delay that ends in 10 s", task.WaitsFor);
        Assert.Null(task.Waiting);
        Assert.Equal("worker: SnapshotTests.OuterAsync › SnapshotTests.SleepAsync (waits for a delay that ends in 10 s)", task.ToString());
    });

    [Fact]
    public void A_task_that_has_not_begun_is_in_its_first_method() => Run(async () =>
    {
        using var worker = new Started(OuterAsync(), "worker");

        var task = Find("worker");

        Assert.Equal(["SnapshotTests.OuterAsync"], task.Frames);
        Assert.Equal("its turn to run", task.WaitsFor);
        await Coroutine.Yield();
    });

    [Fact]
    public void Lambdas_and_local_functions_have_names_that_a_reader_knows() => Run(async () =>
    {
        using var worker = new Started(((Func<Coroutine>)(async () => await LocalAsync()))(), "worker");
        await Coroutine.Yield();

        Assert.Equal(
            [
                $"a lambda in SnapshotTests.{nameof(Lambdas_and_local_functions_have_names_that_a_reader_knows)}",
                "SnapshotTests.LocalAsync",
                "SnapshotTests.SleepAsync",
            ],
            Find("worker").Frames);

        static async Coroutine LocalAsync() => await SleepAsync();
    });

    [Fact]
    public async Task A_lambda_among_the_statements_of_a_program_is_one_in_Main()
    {
        var path = Path.Combine(AppContext.BaseDirectory, "Heddle.TestPrograms.dll");
        using var program = System.Diagnostics.Process.Start(
            new System.Diagnostics.ProcessStartInfo("dotnet", [path, "names"]) { RedirectStandardOutput = true })!;
        Assert.Equal("a lambda in Main", (await program.StandardOutput.ReadToEndAsync()).Trim());
        await program.WaitForExitAsync();
    }

    [Fact]
    public void Tasks_of_combinators_and_groups_stand_below_the_task_that_holds_them() => Run(async () =>
    {
        using var worker = new Started(GatherAsync(), "gatherer");
        await Coroutine.Delay(TimeSpan.FromSeconds(1));

        var gatherer = Find("gatherer");

        Assert.Equal("the 2 tasks of group 'WhenAll'", gatherer.WaitsFor);
        Assert.Equal(["SnapshotTests.SleepAsync"], gatherer.Tasks[0].Frames);
        var group = gatherer.Tasks[1];
        Assert.Equal(["SnapshotTests.GroupAsync", "TaskGroup.RunAsync"], group.Frames);
        Assert.Equal(["first", "second"], group.Tasks.Select(task => task.Name));

        static async Coroutine GatherAsync() => await Coroutine.WhenAll(SleepAsync(), GroupAsync());

        static async Coroutine GroupAsync() => await TaskGroup.RunAsync(group =>
        {
            group.Start(SleepAsync(), "first");
            group.Start(SleepAsync(), "second");
            return Coroutine.Completed;
        });
    });

    [Fact]
    public void A_task_that_several_await_stands_below_the_first_of_them_and_nowhere_else() => Run(async () =>
    {
        using var awaited = new Started(SleepAsync(), "awaited");
        using var first = new Started(JoinAsync(awaited.Task), "first");
        using var second = new Started(JoinAsync(awaited.Task), "second");
        await Coroutine.Yield();

        var snapshot = EventLoop.Current.Snapshot();

        Assert.Equal("awaited", Assert.Single(Find("first").Tasks).Name);
        Assert.Empty(Find("second").Tasks);
        Assert.Equal("task 'awaited'", Find("second").WaitsFor);
        Assert.DoesNotContain(snapshot.Tasks, task => task.Name == "awaited");
        Assert.Equal(snapshot.Count, All(snapshot.Tasks).Select(task => task.Id).Distinct().Count());
        Assert.Equal(snapshot.Count, All(snapshot.Tasks).Count());
    });

    [Fact]
    public void Tasks_that_await_each_other_are_all_there() => Run(async () =>
    {
        LoopTask? right = null;
        using var left = new Started(((Func<Coroutine>)(async () => await right!))(), "left");
        using var other = new Started(JoinAsync(left.Task), "right");
        right = other.Task;
        await Coroutine.Yield();

        var snapshot = EventLoop.Current.Snapshot();

        Assert.Equal(["left", "right"], All(snapshot.Tasks).Select(task => task.Name).Where(name => name is "left" or "right"));
    });

    [Fact]
    public void What_foreign_code_awaits_stands_below_the_task_with_the_foreign_methods() => Run(async () =>
    {
        using var worker = new Started(ReadAsync(), "reader");
        await Coroutine.Delay(TimeSpan.FromSeconds(1));

        var reader = Find("reader");

        Assert.Equal(["SnapshotTests.ReadAsync"], reader.Frames);
        var below = Assert.Single(reader.Tasks);
        Assert.True(below.IsImplicit);
        Assert.Equal(
            ["SnapshotTests.FilterAsync", "SnapshotTests.PagesAsync", "SnapshotTests.PageAsync", "SnapshotTests.SleepAsync"], below.Frames);
        Assert.StartsWith("SnapshotTests.FilterAsync › ", below.ToString());

        static async Coroutine ReadAsync()
        {
            await foreach (var page in FilterAsync())
            {
                Assert.Equal(0, page);
            }
        }
    });

    [Fact]
    public void The_body_of_an_asynchronous_generator_stands_on_the_stack_of_who_asked_it() => Run(async () =>
    {
        using var worker = new Started(AskAsync(), "asker");
        await Coroutine.Yield();

        Assert.Equal(["SnapshotTests.AskAsync", "SnapshotTests.BodyAsync", "SnapshotTests.SleepAsync"], Find("asker").Frames);

        static async Coroutine AskAsync()
        {
            var generator = new AsyncGenerator<int>(BodyAsync);
            await generator.MoveNextAsync();
        }
    });

    [Fact]
    public void A_chain_of_tasks_may_be_as_long_as_there_is_memory() => Run(async () =>
    {
        const int Length = 20_000;
        var last = new Started(SleepAsync(), "link 0");
        var all = new List<Started> { last };
        for (var i = 1; i < Length; i++)
        {
            all.Add(last = new Started(JoinAsync(last.Task), $"link {i}"));
        }

        await Coroutine.Yield();

        var snapshot = EventLoop.Current.Snapshot();
        Assert.Equal(Length + 1, snapshot.Count);
        Assert.Single(snapshot.Tasks, task => task.Name == $"link {Length - 1}");
        all.ForEach(link => link.Task.Cancel());
    });

    [Fact]
    public void A_chain_in_which_the_older_task_awaits_the_newer_may_be_as_long() => Run(async () =>
    {
        const int Length = 20_000;
        var all = new LoopTask[Length];
        for (var i = 0; i < Length; i++)
        {
            var next = i + 1;
            all[i] = LoopTask.Start(async () => await (next < Length ? all[next] : LoopTask.Start(SleepAsync())), $"link {i}");
        }

        await Coroutine.Yield();

        var snapshot = EventLoop.Current.Snapshot();
        Assert.Equal(Length + 2, snapshot.Count);
        Assert.Equal(["main", "link 0"], snapshot.Tasks.Select(task => task.Name));
        Array.ForEach(all, static link => link.Cancel());
    });

    [Fact]
    public void Scopes_may_be_nested_as_deep_as_there_is_memory() => Run(async () =>
    {
        var bottom = new CoroutineSource<bool>();
        var end = new CoroutineSource<bool>();
        var digger = LoopTask.Start(NestAsync(150_000), "digger");
        await bottom;
        await Coroutine.Yield();

        Assert.Equal("a CoroutineSource<bool>", Find("digger").WaitsFor);

        // Not cancelled: to throw through so many frames takes long.
        end.SetResult(true);
        await digger;

        async Coroutine NestAsync(int depth)
        {
            if (depth == 0)
            {
                bottom.SetResult(true);
                await end;
            }
            else
            {
                await CancelScope.RunAsync(_ => NestAsync(depth - 1));
            }
        }
    });

    [Fact]
    public void A_coroutine_says_what_it_is_and_whether_it_still_is_to_be_awaited() => Run(async () =>
    {
        var coroutine = CountAsync();

        Assert.Equal("coroutine of int SnapshotTests.CountAsync (not awaited yet)", coroutine.ToString());
        Assert.Equal(1, await coroutine);
        Assert.Equal("coroutine of int (awaited or started before)", coroutine.ToString());
        Assert.Equal("coroutine (completed)", Coroutine.Completed.ToString());

        static async Coroutine<int> CountAsync()
        {
            await Coroutine.Yield();
            return 1;
        }
    });

    [Fact]
    public async Task It_is_taken_on_the_loops_thread_only()
    {
        await using var thread = new EventLoopThread();

        Assert.Contains("EventLoop.Snapshot", Assert.Throws<InvalidOperationException>(thread.Loop.Snapshot).Message);
    }

    /// <summary>What a test has started may be left when it ends.</summary>
    private static void Run(Func<Coroutine> test) => VirtualTime.Run(test, new() { OnReport = static _ => { } });

    private static async Coroutine OuterAsync() => await SleepAsync();

    private static async Coroutine SleepAsync() => await Coroutine.Delay(TimeSpan.FromSeconds(10));

    private static async Coroutine JoinAsync(LoopTask task) => await task;

    private static async IAsyncEnumerable<int> FilterAsync()
    {
        await foreach (var page in PagesAsync())
        {
            yield return page;
        }
    }

    private static async IAsyncEnumerable<int> PagesAsync()
    {
        yield return await PageAsync();
    }

    private static async Task<int> PageAsync()
    {
        await SleepAsync();
        return 0;
    }

    private static async Coroutine BodyAsync(GeneratorHandle<int, Nothing> co)
    {
        await SleepAsync();
        await co.Yield(1);
    }

    [Fact]
    public async Task A_lambda_of_the_librarys_own_has_no_name()
    {
        await using var loop = new EventLoopThread();
        Assert.DoesNotContain("a lambda in EventLoop", await loop.RunAsync(async Coroutine<string> () =>
        {
            await Coroutine.Yield();
            return EventLoop.Current.Snapshot().ToString();
        }));
    }

    private static TaskSnapshot Find(string name) => All(EventLoop.Current.Snapshot().Tasks).Single(task => task.Name == name);

    private static IEnumerable<TaskSnapshot> All(IReadOnlyList<TaskSnapshot> roots)
    {
        var left = new Queue<TaskSnapshot>(roots);
        while (left.TryDequeue(out var task))
        {
            yield return task;
            foreach (var below in task.Tasks)
            {
                left.Enqueue(below);
            }
        }
    }

    /// <summary>A task of the loop's own that is cancelled when the test has seen enough.</summary>
    private sealed class Started(Coroutine coroutine, string name) : IDisposable
    {
        public LoopTask Task { get; } = LoopTask.Start(coroutine, name);

        public void Dispose() => Task.Cancel();
    }
}
