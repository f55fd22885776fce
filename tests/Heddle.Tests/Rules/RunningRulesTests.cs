using Heddle.Testing;

namespace Heddle.Tests.Rules;

/// <summary>Design rules 1 to 6: how coroutines run.</summary>
public class RunningRulesTests
{
    private static readonly TimeSpan s_second = TimeSpan.FromSeconds(1);

    [Fact]
    [Trait("rule", "1")]
    public void A_coroutine_comes_back_to_the_loops_thread_after_foreign_code_completed_elsewhere() => EventLoop.Run(async () =>
    {
        var thread = Environment.CurrentManagedThreadId;
        var other = await Task.Run(() => Environment.CurrentManagedThreadId, CancellationToken.None);
        Assert.NotEqual(thread, other);
        Assert.Equal(thread, Environment.CurrentManagedThreadId);
        await Task.Run(() => { }, CancellationToken.None).ConfigureAwait(false);
        Assert.Equal(thread, Environment.CurrentManagedThreadId);
    });

    [Fact]
    [Trait("rule", "1")]
    [Trait("pitfall", "28")]
    public void Completing_a_foreign_task_does_not_run_the_one_who_awaits_it_inside_the_step() => VirtualTime.Run(async () =>
    {
        var source = new TaskCompletionSource();
        var log = new List<string>();
        var waiting = LoopTask.Start(async () =>
        {
            await source.Task;
            log.Add("resumed in " + LoopTask.Current!.Name);
        }, "waiter");
        await Coroutine.Yield();
        source.SetResult();
        log.Add("setter goes on");
        await waiting;
        Assert.Equal(["setter goes on", "resumed in waiter"], log);
    });

    [Fact]
    [Trait("rule", "1")]
    [Trait("pitfall", "28")]
    public void Foreign_async_code_goes_on_as_part_of_the_task_that_called_it() => VirtualTime.Run(async () =>
    {
        var source = new TaskCompletionSource();
        async Task<string> ForeignAsync()
        {
            await source.Task;
            return LoopTask.Current!.Name;
        }

        var task = LoopTask.Start(async () => await ForeignAsync(), "caller");
        await Coroutine.Yield();
        source.SetResult();
        Assert.Equal("caller", await task);
    });

    [Fact]
    [Trait("rule", "2")]
    public void Calling_a_coroutine_method_runs_none_of_its_body() => VirtualTime.Run(async () =>
    {
        var ran = false;
        async Coroutine BodyAsync() => ran = true;
        var coroutine = BodyAsync();
        await Coroutine.Delay(s_second);
        Assert.False(ran);
        await coroutine;
        Assert.True(ran);
    });

    [Fact]
    [Trait("rule", "2")]
    public void Asking_whether_it_is_completed_starts_nothing() => VirtualTime.Run(async () =>
    {
        var ran = false;
        async Coroutine BodyAsync() => ran = true;
        var awaiter = BodyAsync().GetAwaiter();
        Assert.False(awaiter.IsCompleted);
        await Coroutine.Delay(s_second);
        Assert.False(ran);
    });

    [Fact]
    [Trait("rule", "2")]
    public void An_awaited_body_runs_at_once_in_the_task_that_awaits() => VirtualTime.Run(async () =>
    {
        var log = new List<string>();
        async Coroutine BodyAsync() => log.Add(LoopTask.Current!.Name);
        _ = LoopTask.Start(async () => log.Add("other"));
        await BodyAsync();
        log.Add("after");
        await Coroutine.Yield();
        Assert.Equal(["main", "after", "other"], log);
    });

    [Fact]
    [Trait("rule", "2")]
    [Trait("pitfall", "26")]
    public void A_second_await_throws_even_when_the_frame_serves_another_call_by_then() => VirtualTime.Run(async () =>
    {
        static async Coroutine<int> ValueAsync(int value)
        {
            await Coroutine.Yield();
            return value;
        }

        var first = ValueAsync(1);
        Assert.Equal(1, await first);
        var second = ValueAsync(2);
        var failure = Assert.Throws<InvalidOperationException>(() => first.GetAwaiter());
        Assert.Contains("awaited or started before", failure.Message);
        Assert.Throws<InvalidOperationException>(() => { _ = LoopTask.Start(first); });
        Assert.Equal(2, await second);
    });

    [Fact]
    [Trait("rule", "2")]
    [Trait("rule", "19")]
    public void Awaiting_without_a_loop_throws_and_says_what_to_do()
    {
        static async Coroutine BodyAsync() => await Coroutine.Yield();
        var failure = Assert.Throws<InvalidOperationException>(() => BodyAsync().GetAwaiter());
        Assert.Contains("EventLoop.Run", failure.Message);
    }

    [Fact]
    [Trait("rule", "2")]
    public void The_default_coroutine_is_completed() => VirtualTime.Run(async () =>
    {
        await default(Coroutine);
        Assert.Equal(0, await default(Coroutine<int>));
        await Coroutine.Completed;
        Assert.Equal(7, await Coroutine.FromResult(7));
        await Assert.ThrowsAsync<InvalidTimeZoneException>(
            () => Coroutine.FromException(new InvalidTimeZoneException()).AsTask());
    });

    [Fact]
    [Trait("rule", "4")]
    public void Two_coroutines_under_a_foreign_combinator_are_two_flows() => VirtualTime.Run(async () =>
    {
        static async Task<TimeSpan> ForeignAsync(double seconds)
        {
            await CancelScope.MoveOnAfterAsync(TimeSpan.FromSeconds(seconds), _ => Coroutine.Delay(Timeout.InfiniteTimeSpan));
            return EventLoop.Current.Now;
        }

        var ends = await Task.WhenAll(ForeignAsync(3), ForeignAsync(1));
        Assert.Equal([TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(1)], ends);
        Assert.False(CancelScope.Current.IsCanceled);
    });

    [Fact]
    [Trait("rule", "4")]
    public void A_coroutine_inside_foreign_code_obeys_its_callers_scope() => VirtualTime.Run(async () =>
    {
        static async Task ForeignAsync() => await Coroutine.Delay(TimeSpan.FromHours(1));
        static async IAsyncEnumerable<int> NumbersAsync()
        {
            yield return 1;
            await Coroutine.Delay(TimeSpan.FromHours(1));
            yield return 2;
        }

        Assert.False(await CancelScope.MoveOnAfterAsync(s_second, async _ => await ForeignAsync()));
        var seen = new List<int>();
        Assert.False(await CancelScope.MoveOnAfterAsync(s_second, async _ =>
        {
            await foreach (var number in NumbersAsync())
            {
                seen.Add(number);
            }
        }));
        Assert.Equal([1], seen);
        Assert.Equal(TimeSpan.FromSeconds(2), EventLoop.Current.Now);
    });

    [Fact]
    [Trait("rule", "5")]
    public void Ready_tasks_run_in_the_order_in_which_they_became_ready() => VirtualTime.Run(async () =>
    {
        var log = new List<string>();
        async Coroutine TalkAsync(string name)
        {
            for (var i = 0; i < 3; i++)
            {
                log.Add(name + i);
                await Coroutine.Yield();
            }
        }

        await Coroutine.WhenAll(TalkAsync("a"), TalkAsync("b"), TalkAsync("c"));
        Assert.Equal(["a0", "b0", "c0", "a1", "b1", "c1", "a2", "b2", "c2"], log);
    });

    [Theory]
    [InlineData("child")]
    [InlineData("value")]
    [InlineData("completed")]
    [InlineData("task")]
    [Trait("rule", "5")]
    public void After_128_awaits_that_completed_at_once_the_next_one_yields(string kind) => VirtualTime.Run(async () =>
    {
        static async Coroutine ChildAsync()
        {
        }

        var ended = LoopTask.Start(ChildAsync());
        await ended;
        var count = 0;
        var atOthersTurn = -1;
        _ = LoopTask.Start(async () => atOthersTurn = count);
        while (atOthersTurn < 0)
        {
            switch (kind)
            {
                case "child": await ChildAsync(); break;
                case "value": await Coroutine.FromResult(1); break;
                case "completed": await Coroutine.Completed; break;
                default: await ended; break;
            }

            count++;
        }

        Assert.Equal(128, atOthersTurn);
    });

    [Fact]
    [Trait("rule", "5")]
    public void Millions_of_awaits_in_one_task_leave_a_timer_its_turn() => EventLoop.Run(async () =>
    {
        static async Coroutine ChildAsync()
        {
        }

        var turns = 0;
        var other = LoopTask.Start(async () =>
        {
            while (true)
            {
                turns++;
                await Coroutine.Yield();
            }
        });
        for (var i = 0; i < 10_000_000; i++)
        {
            await Coroutine.Yield();
        }

        Assert.InRange(turns, 9_999_999, 10_000_001);
        turns = 0;
        for (var i = 0; i < 5_000_000; i++)
        {
            await ChildAsync();
        }

        Assert.InRange(turns, (5_000_000 / 128) - 1, (5_000_000 / 128) + 1);
        other.Cancel();
    });

    [Fact]
    [Trait("rule", "6")]
    [Trait("pitfall", "25")]
    public void What_a_coroutine_writes_to_an_async_local_does_not_reach_its_caller() => VirtualTime.Run(async () =>
    {
        var local = new AsyncLocal<string>();
        async Coroutine WriteAsync(bool fail)
        {
            Assert.Equal("outer", local.Value);
            local.Value = "inner";
            await Coroutine.Yield();
            Assert.Equal("inner", local.Value);
            if (fail)
            {
                throw new InvalidTimeZoneException();
            }
        }

        local.Value = "outer";
        await WriteAsync(fail: false);
        Assert.Equal("outer", local.Value);
        await Assert.ThrowsAsync<InvalidTimeZoneException>(() => WriteAsync(fail: true).AsTask());
        Assert.Equal("outer", local.Value);
    });

    [Fact]
    [Trait("rule", "6")]
    public void A_started_task_has_a_copy_of_its_parents_context_and_others_do_not_see_what_it_writes() => VirtualTime.Run(async () =>
    {
        var local = new AsyncLocal<string> { Value = "parent" };
        var task = LoopTask.Start(async () =>
        {
            var inherited = local.Value;
            local.Value = "child";
            await Coroutine.Yield();
            return (inherited, local.Value);
        });
        local.Value = "parent, later";
        await Coroutine.Yield();
        Assert.Equal("parent, later", local.Value);
        Assert.Equal(("parent", "child"), await task);
    });

    [Fact]
    [Trait("rule", "6")]
    public void Suppressing_the_flow_of_the_context_stays_inside_the_task() => VirtualTime.Run(async () =>
    {
        var local = new AsyncLocal<string> { Value = "main" };
        var suppressing = LoopTask.Start(async () =>
        {
            using (ExecutionContext.SuppressFlow())
            {
                await Coroutine.Yield();
                return ExecutionContext.IsFlowSuppressed();
            }
        });
        await Coroutine.Yield();
        Assert.False(ExecutionContext.IsFlowSuppressed());
        Assert.Equal("main", local.Value);
        Assert.True(await suppressing);
        Assert.False(ExecutionContext.IsFlowSuppressed());
    });
}
