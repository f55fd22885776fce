using Heddle.Testing;

namespace Heddle.Tests.Generators;

/// <summary>An asynchronous generator obeys the scope of who asks, and is closed with the one that it was made in.</summary>
public sealed class AsyncGeneratorScopeTests
{
    private readonly List<string> _log = [];

    [Fact]
    public void A_timeout_around_the_asking_reaches_what_the_body_awaits() => VirtualTime.Run(async () =>
    {
        await using var slow = Logged(async co =>
        {
            await Coroutine.Delay(Expect.Hour);
            await co.Yield(1);
        });

        await Expect.ThrowsAsync<TimeoutException>(async () => await slow.NextAsync().WithTimeout(Expect.Second));
        Assert.Equal(GeneratorState.Closed, slow.State);
        Assert.Equal(["finally"], _log);
        Assert.Equal(Expect.Second, EventLoop.Current.Now);
    });

    [Fact]
    public void A_cancelled_scope_asks_it_for_nothing() => VirtualTime.Run(async () =>
    {
        await using var generator = Logged(async co =>
        {
            await co.Yield(1);
            await co.Yield(2);
        });

        await generator.NextAsync();
        await CancelScope.RunAsync(async scope =>
        {
            scope.Cancel();
            await generator.NextAsync();
        });

        Assert.Equal(GeneratorState.Suspended, generator.State);
        Assert.Equal(2, await generator.NextAsync());
    });

    [Fact]
    public void It_is_closed_when_the_scope_that_it_was_made_in_is_left() => VirtualTime.Run(async () =>
    {
        AsyncGenerator<int>? generator = null;
        await CancelScope.RunAsync(async _ =>
        {
            generator = Logged(async co => await co.Yield(1));
            await generator.NextAsync();
            _log.Add("left");
        });

        Assert.Equal(["left", "finally"], _log);
        Assert.Equal(GeneratorState.Closed, generator!.State);
        Assert.False(await generator.MoveNextAsync());
    });

    [Fact]
    public void The_last_one_made_is_closed_first() => VirtualTime.Run(async () =>
    {
        await CancelScope.RunAsync(async _ =>
        {
            foreach (var name in (string[])["a", "b", "c"])
            {
                await Logged(async co => await co.Yield(1), name).NextAsync();
            }
        });

        Assert.Equal(["c", "b", "a"], _log);
    });

    [Fact]
    public void It_outlives_an_inner_scope_in_which_it_was_asked() => VirtualTime.Run(async () =>
    {
        await using var generator = Logged(async co =>
        {
            await co.Yield(1);
            await co.Yield(2);
        });

        await generator.NextAsync().WithTimeout(Expect.Hour);
        Assert.Equal(2, await generator.NextAsync().WithTimeout(Expect.Hour));
        Assert.Empty(_log);
    });

    [Fact]
    public void It_is_closed_when_a_cancelled_scope_is_left_and_its_waits_throw() => VirtualTime.Run(async () =>
    {
        await CancelScope.RunAsync(async scope =>
        {
            var generator = new AsyncGenerator<int>(async co =>
            {
                try
                {
                    await co.Yield(1);
                }
                finally
                {
                    await CancelScope.ShieldAsync(async () => await Coroutine.Delay(Expect.Second));
                    _log.Add("shielded");
                    await Coroutine.Delay(Expect.Hour);
                    _log.Add("never");
                }
            });
            await generator.NextAsync();
            scope.Cancel();
            await Coroutine.Delay(Expect.Hour);
        });

        Assert.Equal(["shielded"], _log);
        Assert.Equal(Expect.Second, EventLoop.Current.Now);
    });

    [Fact]
    public void It_is_closed_when_its_task_ends() => VirtualTime.Run(async () =>
    {
        var task = LoopTask.Start(MakeAsync());
        Assert.Equal(7, await task);
        Assert.Equal(["finally"], _log);

        async Coroutine<int> MakeAsync()
        {
            await Logged(async co => await co.Yield(1), closing: Expect.Second).NextAsync();
            return 7;
        }
    });

    [Fact]
    public void It_is_closed_when_its_task_fails() => VirtualTime.Run(async () =>
    {
        var task = LoopTask.Start(MakeAsync());
        await Expect.ThrowsAsync<FormatException>(async () => await task);
        Assert.Equal(["finally"], _log);

        async Coroutine MakeAsync()
        {
            await Logged(async co => await co.Yield(1)).NextAsync();
            throw new FormatException();
        }
    });

    [Fact]
    public void It_is_closed_when_its_group_ends_after_the_tasks() => VirtualTime.Run(async () =>
    {
        await TaskGroup.RunAsync(async group =>
        {
            var generator = Logged(async co =>
            {
                await co.Yield(1);
                await co.Yield(2);
            });
            await generator.NextAsync();
            _ = group.Start(async () =>
            {
                await Coroutine.Delay(Expect.Second);
                _log.Add($"child got {await generator.NextAsync()}");
            });
        });

        Assert.Equal(["child got 2", "finally"], _log);
    });

    [Fact]
    public void It_is_closed_when_the_main_coroutine_ends()
    {
        VirtualTime.Run(async () => await Logged(async co => await co.Yield(1), closing: Expect.Second).NextAsync());

        Assert.Equal(["finally"], _log);
    }

    [Fact]
    public void A_failure_while_it_is_closed_comes_out_of_the_scope() => VirtualTime.Run(async () =>
    {
        var failure = await Expect.ThrowsAsync<FormatException>(async () => await CancelScope.RunAsync(async _ => await FailingAsync().NextAsync()));
        Assert.Equal("in finally", failure.Message);

        var task = LoopTask.Start(async () => await FailingAsync().NextAsync());
        await Expect.ThrowsAsync<FormatException>(async () => await task);

        var all = await Expect.ThrowsAsync<AggregateException>(async () => await TaskGroup.RunAsync(async _ => await FailingAsync().NextAsync()));
        Assert.IsType<FormatException>(Assert.Single(all.InnerExceptions));
    });

    [Fact]
    public void A_failure_while_it_is_closed_after_another_is_reported()
    {
        var reports = new List<LoopReport>();
        VirtualTime.Run(
            async () => await Expect.ThrowsAsync<ArithmeticException>(async () => await CancelScope.RunAsync(async _ =>
            {
                await FailingAsync().NextAsync();
                throw new ArithmeticException();
            })),
            new VirtualTimeOptions { OnReport = reports.Add });

        Assert.IsType<FormatException>(Assert.Single(reports).Exception);
    }

    [Fact]
    public void Made_outside_of_a_task_it_belongs_to_where_it_is_first_asked()
    {
        var generator = Logged(async co => await co.Yield(1));
        VirtualTime.Run(async () =>
        {
            await CancelScope.RunAsync(async _ => await generator.NextAsync());
            Assert.Equal(["finally"], _log);
        });
    }

    [Fact]
    public void Made_in_a_scope_that_was_left_before_it_is_asked_it_belongs_to_the_one_around() => VirtualTime.Run(async () =>
    {
        AsyncGenerator<int>? generator = null;
        await CancelScope.RunAsync(async _ =>
        {
            await CancelScope.RunAsync(async _ => generator = Logged(async co => await co.Yield(1)));
            Assert.Equal(1, await generator!.NextAsync());
            Assert.Empty(_log);
        });

        Assert.Equal(["finally"], _log);
    });

    [Fact]
    public void One_that_another_task_runs_when_the_scope_is_left_ends_at_its_next_yield() => VirtualTime.Run(async () =>
    {
        LoopTask<bool>? reader = null;
        await CancelScope.RunAsync(async _ =>
        {
            var generator = Logged(async co =>
            {
                await co.Yield(1);
                await Coroutine.Delay(Expect.Second);
                await co.Yield(2);
            });
            await generator.NextAsync();
            reader = LoopTask.Start(generator.MoveNextAsync());
            await Coroutine.Yield();
        });

        Assert.False(await reader!);
        Assert.Equal(["finally"], _log);
    });

    [Theory]
    [InlineData("scope")]
    [InlineData("group")]
    [InlineData("shield")]
    public void It_must_not_yield_in_a_scope_that_it_has_entered(string kind) => VirtualTime.Run(async () =>
    {
        await using var generator = Logged(async co =>
        {
            async Coroutine YieldAsync() => await co.Yield(1);
            await (kind switch
            {
                "scope" => (Coroutine)CancelScope.RunAsync(async _ => await YieldAsync()),
                "group" => TaskGroup.RunAsync(async _ => await YieldAsync()),
                _ => CancelScope.ShieldAsync(YieldAsync),
            });
        });

        var failure = await Expect.ThrowsAsync<Exception>(async () => await generator.NextAsync());
        Assert.Contains("inside a CancelScope", ((failure as AggregateException)?.InnerException ?? failure).Message, StringComparison.Ordinal);
        Assert.Equal(["finally"], _log);
    });

    [Fact]
    public void It_must_not_yield_from_a_task_of_its_own() => VirtualTime.Run(async () =>
    {
        await using var generator = Logged(async co =>
        {
            await TaskGroup.RunAsync(async group => await group.Start(async () => { await co.Yield(1); }));
        });

        var failure = await Expect.ThrowsAsync<AggregateException>(async () => await generator.NextAsync());
        Assert.Contains("outside of the body", failure.InnerException!.Message, StringComparison.Ordinal);
    });

    [Fact]
    public void It_may_yield_where_who_asks_is_in_a_scope() => VirtualTime.Run(async () =>
    {
        await using var generator = Logged(async co =>
        {
            await CancelScope.RunAsync(async _ => await Coroutine.Delay(Expect.Second));
            await co.Yield(1);
            await co.Yield(2);
        });

        await CancelScope.RunAsync(async _ => Assert.Equal(1, await generator.NextAsync()));
        Assert.Equal(2, await generator.NextAsync());
    });

    private static AsyncGenerator<int> FailingAsync() => new(async co =>
    {
        try
        {
            await co.Yield(1);
        }
        finally
        {
            throw new FormatException("in finally");
        }
    });

    private AsyncGenerator<int> Logged(Func<GeneratorHandle<int, Nothing>, Coroutine> body, string name = "finally", TimeSpan closing = default)
        => new(async co =>
        {
            try
            {
                await body(co);
            }
            finally
            {
                if (closing != default)
                {
                    await CancelScope.ShieldAsync(async () => await Coroutine.Delay(closing));
                }

                _log.Add(name);
            }
        });
}
