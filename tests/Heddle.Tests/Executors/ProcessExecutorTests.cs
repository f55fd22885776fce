namespace Heddle.Tests.Executors;

/// <summary>What is peculiar to processes: their lives, their limits, what they see.</summary>
public class ProcessExecutorTests : ExecutorTests
{
    [Fact]
    public void Calls_run_in_other_processes_which_are_used_again() => Run(async () =>
    {
        await using var executor = new ProcessExecutor(new() { MaxWorkers = 2 });
        var first = await executor.RunAsync(Jobs.ProcessId);
        Assert.NotEqual(Environment.ProcessId, first);
        Assert.Equal(first, await executor.RunAsync(Jobs.ProcessId));
        Assert.Equal(1, executor.Statistics.Workers);
    });

    [Fact]
    public void Workers_have_ended_when_the_executor_is_disposed_of() => Run(async () =>
    {
        int process;
        await using (var executor = new ProcessExecutor())
        {
            process = await executor.RunAsync(Jobs.ProcessId);
        }

        Assert.False(ProcessTable.IsRunning(process));
    });

    [Fact]
    public void A_worker_tidies_up_when_the_executor_is_disposed_of() => Run(async () =>
    {
        var path = Path.Combine(Signals, "tidy");
        await using (var executor = new ProcessExecutor(new() { MaxWorkers = 1 }))
        {
            await executor.RunAsync(static path => AppDomain.CurrentDomain.ProcessExit += (_, _) => File.WriteAllText(path, "tidied up"), path);
        }

        Assert.Equal("tidied up", await File.ReadAllTextAsync(path).OrCanceled());
    });

    [Fact]
    public void A_worker_is_replaced_after_so_many_calls() => Run(async () =>
    {
        await using var executor = new ProcessExecutor(new() { MaxWorkers = 1, MaxCallsPerWorker = 3 });
        var processes = new List<int>();
        for (var i = 0; i < 7; i++)
        {
            processes.Add(await executor.RunAsync(Jobs.ProcessId));
        }

        Assert.Equal([3, 3, 1], processes.CountBy(process => process).Select(count => count.Value));
        Assert.Equal(0, executor.Statistics.LostWorkers);
    });

    [Fact]
    public void An_initializer_runs_once_in_each_worker_before_its_first_call() => Run(async () =>
    {
        await using var executor = new ProcessExecutor(
            new() { MaxWorkers = 1, MaxCallsPerWorker = 3, Initializer = WorkItem.Of(Remembered.Append, "ready") });
        Assert.Equal("ready", await executor.RunAsync(static () => Remembered.Text));
        await executor.RunAsync(Remembered.Append, ", steady");
        Assert.Equal("ready, steady", await executor.RunAsync(static () => Remembered.Text));
        Assert.Equal("ready", await executor.RunAsync(static () => Remembered.Text));
    });

    [Fact]
    public void Workers_have_the_variables_that_they_are_given_and_what_they_start_are_no_workers() => Run(async () =>
    {
        Environment.SetEnvironmentVariable("HEDDLE_TESTS_TAKEN", "here");
        await using var executor = new ProcessExecutor(
            new() { Environment = new Dictionary<string, string?> { ["HEDDLE_TESTS_GIVEN"] = "there", ["HEDDLE_TESTS_TAKEN"] = null } });
        Assert.Equal("there--", await executor.RunAsync(static () => string.Join(
            '-',
            Environment.GetEnvironmentVariable("HEDDLE_TESTS_GIVEN"),
            Environment.GetEnvironmentVariable("HEDDLE_TESTS_TAKEN"),
            Environment.GetEnvironmentVariable("DOTNET_STARTUP_HOOKS"))));
    });

    [Fact]
    public void What_a_worker_starts_has_the_limits_and_the_hooks_of_the_program_and_not_those_of_the_worker() => Run(async () =>
    {
        await using var limited = new ProcessExecutor(new() { MaxWorkers = 1, MemoryLimit = 256 << 20 });
        Assert.Equal(("", ""), await limited.RunAsync(ForChildren));
        Assert.Equal(256 << 20, await limited.RunAsync(static () => GC.GetGCMemoryInfo().TotalAvailableMemoryBytes));
        await using var hooked = new ProcessExecutor(new()
        {
            MaxWorkers = 1,
            MemoryLimit = 256 << 20,
            Environment = new Dictionary<string, string?> { ["DOTNET_STARTUP_HOOKS"] = "/nowhere/hook.dll", ["DOTNET_GCHeapHardLimit"] = "20000000" },
        });
        Assert.Equal(("/nowhere/hook.dll", "20000000"), await hooked.RunAsync(ForChildren));
        Assert.Equal(256 << 20, await hooked.RunAsync(static () => GC.GetGCMemoryInfo().TotalAvailableMemoryBytes));

        static (string, string) ForChildren() => (
            Environment.GetEnvironmentVariable("DOTNET_STARTUP_HOOKS") ?? "", Environment.GetEnvironmentVariable("DOTNET_GCHeapHardLimit") ?? "");
    });

    [Fact]
    public void A_worker_reads_no_input_and_can_have_workers_of_its_own() => Run(async () =>
    {
        await using var executor = new ProcessExecutor(new() { MaxWorkers = 1 });
        Assert.Null(await executor.RunAsync(static () => Console.In.ReadLine()));
        var (outer, inner) = await executor.RunAsync(static () => EventLoop.Run(async () =>
        {
            await using var nested = new ProcessExecutor(new() { MaxWorkers = 1 });
            return (Environment.ProcessId, await nested.RunAsync(Jobs.ProcessId));
        }));
        Assert.Equal(3, new[] { Environment.ProcessId, outer, inner }.Distinct().Count());
    });

    [Fact]
    public void A_worker_starts_also_when_all_shared_threads_wait_for_it() => Run(async () =>
    {
        await using var executor = new ProcessExecutor(new() { MaxWorkers = 1 });
        var loop = EventLoop.Current;
        var count = Math.Max(32, Environment.ProcessorCount + 4);
        using var all = new Barrier(count);
        var functions = Enumerable.Range(0, count).Select(_ => LoopTask.Start(Coroutine.ToThread(() =>
        {
            all.SignalAndWait();
            return loop.RunAsync(() => executor.RunAsync(Jobs.Seven)).GetAwaiter().GetResult();
        }))).ToArray();
        foreach (var function in functions)
        {
            Assert.Equal(7, await function);
        }
    });

    [Fact]
    public void Large_arguments_and_results_arrive_whole() => Run(async () =>
    {
        await using var executor = new ProcessExecutor(new() { MaxWorkers = 1 });
        var bytes = new byte[20_000_000];
        new Random(1).NextBytes(bytes);
        Assert.Equal(bytes, await executor.RunAsync(Jobs.Echo, bytes));
        Assert.Equal(7, await executor.RunAsync(Jobs.Seven));
    });

    [Fact]
    public void A_local_time_is_the_same_where_the_zone_is_another_one() => Run(async () =>
    {
        var there = TimeZoneInfo.Local.BaseUtcOffset == TimeSpan.FromHours(9) ? "Etc/GMT-6" : "Etc/GMT-9";
        Assert.SkipUnless(TimeZoneInfo.TryFindSystemTimeZoneById(there, out _), "The system has no zones.");
        await using var executor = new ProcessExecutor(
            new() { MaxWorkers = 1, Environment = new Dictionary<string, string?> { ["TZ"] = there } });
        Assert.NotEqual(TimeZoneInfo.Local.BaseUtcOffset, await executor.RunAsync(static () => TimeZoneInfo.Local.BaseUtcOffset));
        var times = new List<DateTime> { new(2026, 1, 2, 3, 4, 5, DateTimeKind.Local) };
        Assert.Equal(times[0].Ticks, await executor.RunAsync(static times => times[0].Ticks, times));
        Assert.Equal(times, await executor.RunAsync(Jobs.Echo, times));
    });

    [Fact]
    public void Generic_functions_and_local_functions_are_found() => Run(async () =>
    {
        await using var executor = new ProcessExecutor(new() { MaxWorkers = 1 });
        Assert.Equal("List<Int32>", await executor.RunAsync(Typed<List<int>>.Name));
        Assert.Equal("String,Int64", await executor.RunAsync(Typed<string>.Both<long>));
        Assert.Equal(9, await executor.RunAsync(Square, 3));
        Assert.Equal(typeof(Guid).Name, await LambdaIn<Guid>(executor));

        static int Square(int number) => number * number;
    });

    [Fact]
    public void A_registered_function_goes_by_its_name() => Run(async () =>
    {
        WorkRegistry.Add<int, int>(Jobs.ProcessIdAfter);
        Assert.Throws<ArgumentException>(() => WorkRegistry.Add<int, int>(Jobs.Double, "Jobs.ProcessIdAfter"));
        await using var executor = new ProcessExecutor(new() { MaxWorkers = 1 });

        // The worker runs nothing of this program before, so it does not know the name.
        var unknown = await Expect.ThrowsAsync<NotPortableException>(() => executor.RunAsync(Jobs.ProcessIdAfter, 1));
        Assert.Contains("The worker knows no function 'Jobs.ProcessIdAfter'", unknown.Message);
        await executor.RunAsync(static () => WorkRegistry.Add<int, int>(Jobs.ProcessIdAfter));
        Assert.NotEqual(Environment.ProcessId, await executor.RunAsync(Jobs.ProcessIdAfter, 1));
    });

    [Fact]
    [Trait("rule", "19")]
    public void A_registered_function_whose_types_are_others_on_the_worker_is_refused() => Run(async () =>
    {
        Func<(int X, int Y, int Z), int> sum = static p => p.X + p.Y + p.Z;
        WorkRegistry.Add(sum, "sum of three");
        await using var executor = new ProcessExecutor(new() { MaxWorkers = 1 });
        await executor.RunAsync(static () => WorkRegistry.Add<(int X, int Y), int>(static p => p.X + p.Y, "sum of three"));
        var refusal = await Expect.ThrowsAsync<NotPortableException>(() => executor.RunAsync(sum, (1, 2, 3)));
        Assert.Contains("'sum of three' is (System.ValueTuple`2[System.Int32,System.Int32] of 8 bytes)", refusal.Message);
        Assert.Contains("and (System.ValueTuple`3[", refusal.Message);
    });

    [Fact]
    public void A_worker_that_calls_registered_functions_only_refuses_others() => Run(async () =>
    {
        Func<int, int> twice = static number => 2 * number;
        WorkRegistry.Add(twice, "twice");
        await using var executor = new ProcessExecutor(new() { MaxWorkers = 1 });
        await executor.RunAsync(static () =>
        {
            WorkRegistry.Add<int, int>(static number => 2 * number, "twice");
            WorkRegistry.OnlyRegistered = true;
        });
        Assert.Equal(14, await executor.RunAsync(twice, 7));
        var refusal = await Expect.ThrowsAsync<NotPortableException>(() => executor.RunAsync(static () => Environment.ProcessId));
        Assert.Contains("calls registered functions only", refusal.Message);
    });

    [Fact]
    public void Wherever_a_disposal_is_cancelled_no_worker_is_left()
    {
        for (var (step, wasCut) = (1, true); wasCut; step++)
        {
            var queue = new StrikingQueue(step);
            var process = 0;
            Run(
                async () =>
                {
                    var executor = new ProcessExecutor(new() { MaxWorkers = 1 });
                    process = await executor.RunAsync(Jobs.ProcessId);
                    wasCut = !await CancelScope.RunAsync(async scope =>
                    {
                        queue.Arm(() => scope.Cancel("struck"));
                        await executor.DisposeAsync();
                        await Coroutine.Yield();
                    });
                    queue.Disarm();
                    await GoneAsync(process);
                },
                queue);
            Assert.InRange(step, 1, 100);
        }
    }

    private static Coroutine<string> LambdaIn<T>(ProcessExecutor executor) => executor.RunAsync(static () => typeof(T).Name);

    private static class Remembered
    {
        internal static string Text { get; private set; } = "";

        internal static void Append(string text) => Text += text;
    }
}

internal static class Typed<T>
{
    internal static string Name() => $"{typeof(T).Name.Split('`')[0]}<{typeof(T).GenericTypeArguments[0].Name}>";

    internal static string Both<TOther>() => $"{typeof(T).Name},{typeof(TOther).Name}";
}
