using Heddle.Testing;

namespace Heddle.Tests.Generators;

/// <summary>A generator that is called within the step of a task, or around a loop.</summary>
public sealed class GeneratorInTasksTests
{
    private static readonly AsyncLocal<string?> s_ambient = new();

    [Fact]
    public void A_task_goes_on_with_its_own_waits_after_calling_one() => VirtualTime.Run(async () =>
    {
        var numbers = Count();
        var sum = 0;
        for (var i = 0; i < 5; i++)
        {
            sum += numbers.Next();
            await Coroutine.Delay(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(10, sum);
        Assert.Equal(TimeSpan.FromSeconds(5), EventLoop.Current.Now);
    });

    [Fact]
    public void Several_tasks_may_take_turns_with_one() => VirtualTime.Run(async () =>
    {
        var numbers = Count();
        var seen = new List<int>();
        await Coroutine.WhenAll(TakeAsync(), TakeAsync(), TakeAsync());

        Assert.Equal(Enumerable.Range(0, 9), seen);

        async Coroutine TakeAsync()
        {
            for (var i = 0; i < 3; i++)
            {
                seen.Add(numbers.Next());
                await Coroutine.Yield();
            }
        }
    });

    [Fact]
    public void Its_body_knows_the_task_that_calls_it_and_its_scope() => VirtualTime.Run(async () =>
    {
        var generator = new Generator<(LoopTask?, CancelScope)>(async co =>
        {
            var nested = new Generator<LoopTask?>(async co => await co.Yield(LoopTask.Current));
            await co.Yield((nested.Next(), CancelScope.Current));
        });

        await CancelScope.RunAsync(async scope => Assert.Equal((LoopTask.Current, scope), generator.Next()));
        Assert.Null(LoopTask.Current?.Exception);
    });

    [Fact]
    public void Its_body_may_start_tasks() => VirtualTime.Run(async () =>
    {
        var source = new CoroutineSource<int>();
        var generator = new Generator<int>(async co =>
        {
            _ = LoopTask.Start(async () => source.SetResult(3));
            await co.Yield(1);
        });

        Assert.Equal(1, generator.Next());
        Assert.Equal(3, await source);
    });

    [Fact]
    public void Its_body_may_run_a_loop_of_its_own()
    {
        var generator = new Generator<int>(async co =>
        {
            await co.Yield(VirtualTime.Run(async () =>
            {
                await Coroutine.Delay(TimeSpan.FromSeconds(1));
                return Count().Take(3).Sum();
            }));
            await co.Yield(4);
        });

        Assert.Equal([3, 4], generator);
    }

    [Fact]
    public void Foreign_code_that_its_body_calls_runs_beside_the_task() => VirtualTime.Run(async () =>
    {
        static async Task<int> SleepAsync()
        {
            await Coroutine.Delay(TimeSpan.FromSeconds(2));
            return 5;
        }

        var generator = new Generator<Task<int>>(async co => await co.Yield(SleepAsync()));

        Assert.Equal(5, await generator.Next());
    });

    [Fact]
    public void It_may_go_on_on_another_thread()
    {
        var numbers = Count();
        var seen = new List<int> { numbers.Next() };
        var thread = new Thread(() => seen.Add(numbers.Next()));
        thread.Start();
        thread.Join();
        seen.Add(numbers.Next());

        Assert.Equal([0, 1, 2], seen);
    }

    [Fact]
    public void Its_body_has_the_ambient_state_of_who_calls_it()
    {
        var generator = new Generator<string?>(async co =>
        {
            while (true)
            {
                await YieldAsync(co);
            }
        });

        var seen = new List<string?>();
        foreach (var value in (string?[])["a", "b", null])
        {
            s_ambient.Value = value;
            seen.Add(generator.Next());
            Assert.Equal(value, s_ambient.Value);
        }

        Assert.Equal(["a", "b", null], seen);

        // Begins with one caller and ends with the next.
        static async Coroutine YieldAsync(GeneratorHandle<string?, Nothing> co) => await co.Yield(s_ambient.Value);
    }

    [Fact]
    public void A_delegation_of_a_hundred_thousand_levels_takes_no_stack()
    {
        const int Depth = 100_000;
        var inner = new Generator<int, int, int>(async co => await co.Yield(1));
        for (var i = 0; i < Depth; i++)
        {
            var next = inner;
            inner = new Generator<int, int, int>(async co => 1 + await co.YieldFrom(next));
        }

        var outcome = 0;
        var thread = new Thread(
            () =>
            {
                inner.Next();
                inner.TrySend(0, out _);
                outcome = inner.Result;
            },
            maxStackSize: 256 * 1024);
        thread.Start();
        thread.Join();

        Assert.Equal(Depth, outcome);
    }

    [Fact]
    public void Closing_ten_thousand_levels_takes_no_stack()
    {
        var left = 0;
        var inner = Level(null);
        for (var i = 1; i < 10_000; i++)
        {
            inner = Level(inner);
        }

        var thread = new Thread(
            () =>
            {
                inner.Next();
                inner.Close();
            },
            maxStackSize: 256 * 1024);
        thread.Start();
        thread.Join();

        Assert.Equal(10_000, left);

        Generator<int> Level(Generator<int>? next) => new(async co =>
        {
            try
            {
                await (next is null ? YieldAsync(co) : co.YieldFrom(next));
            }
            finally
            {
                left++;
            }
        });

        static async Coroutine<Nothing> YieldAsync(GeneratorHandle<int, Nothing> co) => await co.Yield(1);
    }

    private static Generator<int> Count() => new(async co =>
    {
        for (var i = 0; ; i++)
        {
            await co.Yield(i);
        }
    });
}
