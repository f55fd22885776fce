using Heddle.Testing;

namespace Heddle.Tests.Scheduling;

/// <summary>A flow of foreign code belongs to the scope that it began in, wherever the task is when it goes on.</summary>
public class FlowScopeTests
{
    private static readonly TimeSpan s_second = TimeSpan.FromSeconds(1);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Trait("rule", "4")]
    public void A_scope_that_the_task_entered_later_does_not_cancel_the_flow(bool hops) => VirtualTime.Run(async () =>
    {
        var flow = FlowAsync(hops);
        await CancelScope.RunAsync(async inner =>
        {
            inner.Cancel();
            await flow;
        });
        Assert.True(flow.IsCompletedSuccessfully);
    });

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Trait("rule", "4")]
    public void A_scope_that_was_cancelled_and_left_still_cancels_the_flow_that_began_in_it(bool hops) => VirtualTime.Run(async () =>
    {
        Task flow = null!;
        await CancelScope.RunAsync(async scope =>
        {
            flow = FlowAsync(hops);
            await Coroutine.Delay(s_second / 2);
            scope.Cancel("enough");
        });
        var failure = await Assert.ThrowsAsync<ScopeCanceledException>(() => flow);
        Assert.Equal("enough", failure.Reason);
    });

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Trait("rule", "4")]
    public void A_scope_that_was_left_in_peace_hands_the_flow_to_the_scope_around_it(bool hops) => VirtualTime.Run(async () =>
    {
        Task flow = null!;
        await CancelScope.RunAsync(async outer =>
        {
            await CancelScope.RunAsync(_ =>
            {
                flow = FlowAsync(hops);
                return Coroutine.Completed;
            });
            await Coroutine.Delay(s_second * 1.5);
            outer.Cancel("enough");
        });
        var failure = await Assert.ThrowsAsync<ScopeCanceledException>(() => flow);
        Assert.Equal("enough", failure.Reason);
    });

    [Fact]
    [Trait("rule", "4")]
    public void The_flow_sees_its_own_scope_as_the_current_one() => VirtualTime.Run(async () =>
    {
        CancelScope? seen = null;
        async Task LookAsync()
        {
            await Task.Yield();
            seen = CancelScope.Current;
        }

        await CancelScope.RunAsync(async outer =>
        {
            var flow = LookAsync();
            await CancelScope.RunAsync(async _ => await flow);
            Assert.Same(outer, seen);
        });
    });

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [Trait("rule", "7")]
    public void What_a_shield_leaves_behind_in_a_cancelled_scope_is_cancelled_with_it(int shields) => VirtualTime.Run(() => CancelScope.RunAsync(async outer =>
    {
        outer.Cancel("stop");
        Task flow = null!;
        await ShieldedAsync(shields);
        var failure = await Assert.ThrowsAsync<ScopeCanceledException>(() => flow);
        Assert.Same(outer, failure.Scope);
        Assert.Equal(s_second * shields, EventLoop.Current.Now);

        async Coroutine ShieldedAsync(int depth) => await CancelScope.ShieldAsync(async () =>
        {
            if (depth > 1)
            {
                await ShieldedAsync(depth - 1);
            }
            else
            {
                flow = LongAsync();
            }

            await Coroutine.Delay(s_second);
        });

        static async Task LongAsync() => await Coroutine.Delay(TimeSpan.FromHours(1));
    }));

    [Fact]
    [Trait("rule", "7")]
    public void Tasks_that_a_shield_leaves_behind_in_a_cancelled_scope_are_cancelled_with_it() => VirtualTime.Run(async () =>
    {
        var canceledAt = TimeSpan.Zero;
        await CancelScope.RunAsync(async outer =>
        {
            outer.Cancel("stop");
            IAsyncEnumerator<LoopTask<int>> parts = null!;
            await CancelScope.ShieldAsync(async () =>
            {
                parts = Coroutine.WhenEach(PartAsync()).GetAsyncEnumerator();
                await Coroutine.Delay(s_second);
            });
            await CancelScope.ShieldAsync(() => Coroutine.Delay(s_second));
            await parts.DisposeAsync();
        });
        Assert.Equal(s_second, canceledAt);

        async Coroutine<int> PartAsync()
        {
            try
            {
                await Coroutine.Delay(TimeSpan.FromHours(1));
                return 1;
            }
            finally
            {
                canceledAt = EventLoop.Current.Now;
            }
        }
    });

    [Fact]
    [Trait("rule", "7")]
    public void The_token_of_a_scope_that_a_shield_leaves_behind_in_a_cancelled_one_is_cancelled() => VirtualTime.Run(() => CancelScope.RunAsync(async outer =>
    {
        outer.Cancel("stop");
        Task flow = null!;
        await CancelScope.ShieldAsync(async () =>
        {
            flow = InnerAsync();
            await Coroutine.Delay(s_second);
        });
        Assert.Same(outer, (await Assert.ThrowsAsync<ScopeCanceledException>(() => flow)).Scope);

        static async Task InnerAsync() => await CancelScope.RunAsync(async scope => await Task.Delay(Timeout.Infinite, scope.Token));
    }));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Trait("rule", "4")]
    public void Cancelling_the_task_reaches_the_flow_that_a_scope_has_left_behind(bool hops) => VirtualTime.Run(async () =>
    {
        Task flow = null!;
        var task = LoopTask.Start(async () =>
        {
            await CancelScope.RunAsync(_ =>
            {
                flow = FlowAsync(hops);
                return Coroutine.Completed;
            });
            await CancelScope.ShieldAsync(async () => await flow);
        });
        await Coroutine.Delay(s_second / 2);
        task.Cancel("enough");
        await LoopTask.WhenAny(task);
        Assert.Equal("enough", (await Assert.ThrowsAsync<ScopeCanceledException>(() => flow)).Reason);
        Assert.Equal(s_second / 2, EventLoop.Current.Now);
    });

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Trait("rule", "7")]
    public void A_flow_meets_the_cancellation_of_its_own_scope_and_no_other_whatever_it_awaits(bool yields) => VirtualTime.Run(async () =>
    {
        var strangers = FlowAsync();
        await CancelScope.RunAsync(async inner =>
        {
            inner.Cancel("a stranger's");
            await strangers;
        });
        await CancelScope.RunAsync(async mine =>
        {
            var flow = FlowAsync();
            mine.Cancel("mine");
            await CancelScope.ShieldAsync(async () => Assert.Equal("mine", (await Assert.ThrowsAsync<ScopeCanceledException>(() => flow)).Reason));
        });

        async Task FlowAsync()
        {
            await Task.Yield();
            if (yields)
            {
                await Coroutine.Yield();
            }
            else
            {
                await Coroutine.Delay(s_second);
            }
        }
    });

    [Fact]
    [Trait("rule", "4")]
    public void What_a_flow_starts_lies_in_its_own_scope() => VirtualTime.Run(() => CancelScope.RunAsync(async mine =>
    {
        var flow = FlowAsync();
        await CancelScope.RunAsync(async stranger =>
        {
            await Coroutine.Delay(s_second / 2);
            stranger.Cancel("a stranger's");
        });
        Assert.Equal([7, 8, 9], await flow);

        static async Task<List<int>> FlowAsync()
        {
            var seen = new List<int>();
            await Task.Yield();
            await foreach (var ended in Coroutine.WhenEach(ValueAsync(7)))
            {
                seen.Add(ended.Result);
            }

            seen.AddRange(await Coroutine.WhenAll(ValueAsync(8)));
            seen.Add(await Coroutine.Race(ValueAsync(9)));
            return seen;
        }

        static async Coroutine<int> ValueAsync(int value)
        {
            await Coroutine.Delay(s_second);
            return value;
        }
    }));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Trait("rule", "15")]
    public void Cancelling_a_task_reaches_what_it_enumerates_at_once(bool looksAtItsScopeBefore) => VirtualTime.Run(async () =>
    {
        var canceledAt = TimeSpan.Zero;
        var task = LoopTask.Start(async () =>
        {
            if (looksAtItsScopeBefore)
            {
                _ = CancelScope.Current;
            }

            await using var parts = Coroutine.WhenEach(PartAsync()).GetAsyncEnumerator();
            await CancelScope.ShieldAsync(() => Coroutine.Delay(s_second * 10));
        });
        await Coroutine.Delay(s_second);
        task.Cancel();
        await LoopTask.WhenAny(task);
        Assert.Equal(s_second, canceledAt);

        async Coroutine<int> PartAsync()
        {
            try
            {
                await Coroutine.Delay(TimeSpan.FromHours(1));
                return 1;
            }
            finally
            {
                canceledAt = EventLoop.Current.Now;
            }
        }
    });

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    [Trait("rule", "8")]
    public void Code_below_foreign_code_that_cancels_itself_cancels_the_task_that_it_is_part_of(bool byScope, bool isForeign) => VirtualTime.Run(async () =>
    {
        var task = LoopTask.Start(async () =>
        {
            if (isForeign)
            {
                await ForeignAsync();
            }
            else
            {
                await InnerAsync();
            }
        });
        await LoopTask.WhenAny(task);
        Assert.True(task.IsCanceled, task.ToString());
        Assert.EndsWith("(cancelled: I stop myself)", task.ToString());

        async Task ForeignAsync() => await InnerAsync();

        async Coroutine InnerAsync()
        {
            if (byScope)
            {
                CancelScope.Current.Cancel("I stop myself");
            }
            else
            {
                LoopTask.Current!.Cancel("I stop myself");
            }

            await Coroutine.Yield();
        }
    });

    [Fact]
    [Trait("rule", "8")]
    public void Code_below_foreign_code_that_cancels_its_scope_ends_the_block_that_the_scope_is_for() => VirtualTime.Run(async () =>
    {
        Assert.False(await CancelScope.RunAsync(async scope =>
        {
            await ForeignAsync(scope);
            Assert.Fail("It goes on.");
        }));

        static async Task ForeignAsync(CancelScope expected) => await InnerAsync(expected);

        static async Coroutine InnerAsync(CancelScope expected)
        {
            Assert.Same(expected, CancelScope.Current);
            CancelScope.Current.Cancel();
            await Coroutine.Yield();
        }
    });

    [Fact]
    [Trait("rule", "8")]
    public void A_tool_that_cancels_what_runs_for_foreign_code_cancels_the_task_that_called_that() => VirtualTime.Run(async () =>
    {
        var task = LoopTask.Start(async () => await FlowAsync(hops: false), "caller");
        await Coroutine.Delay(s_second / 2);
        EventLoop.Current.Tasks.Single(t => t != task && t != LoopTask.Current).Cancel("not wanted");
        await LoopTask.WhenAny(task);
        Assert.Equal("caller (cancelled: not wanted)", task.ToString());
    });

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Trait("rule", "8")]
    public void A_flow_whose_task_has_ended_is_told_of_the_end_of_another_task(bool awaitsAWaitDirectly) => VirtualTime.Run(async () =>
    {
        Task flow = null!;
        await LoopTask.Start(async () =>
        {
            flow = awaitsAWaitDirectly ? DirectAsync() : ThroughAsync();
            await Coroutine.Yield();
        });
        EventLoop.Current.Tasks.Single(t => t != LoopTask.Current).Cancel("not wanted");
        await Assert.ThrowsAsync<LoopTaskCanceledException>(() => flow);

        static async Task DirectAsync() => await Coroutine.Delay(s_second);

        static async Task ThroughAsync() => await SleepAsync();

        static async Coroutine SleepAsync() => await Coroutine.Delay(s_second);
    });

    [Fact]
    [Trait("rule", "1")]
    public void What_is_sent_to_a_flow_runs_as_its_code() => VirtualTime.Run(async () =>
    {
        SynchronizationContext? captured = null;
        await CancelScope.RunAsync(async scope =>
        {
            captured = SynchronizationContext.Current;
            var sender = LoopTask.Start(async () =>
            {
                CancelScope? seen = null;
                captured!.Send(_ => seen = CancelScope.Current, null);
                Assert.Same(scope, seen);
                Assert.NotSame(scope, CancelScope.Current);
                await Coroutine.Yield();
            });
            await sender;
        });
    });

    [Fact]
    [Trait("rule", "4")]
    public void A_context_that_foreign_code_sets_takes_no_flow_out_of_its_task() => VirtualTime.Run(async () =>
    {
        await FlowAsync();

        static async Task FlowAsync()
        {
            SynchronizationContext.SetSynchronizationContext(null);
            await Coroutine.Yield();
            Assert.NotNull(LoopTask.Current);
            SynchronizationContext.SetSynchronizationContext(new SynchronizationContext());
            await Coroutine.Delay(s_second);
            Assert.NotNull(LoopTask.Current);
            await Coroutine.Yield();
            Assert.NotNull(LoopTask.Current);
        }
    });

    /// <summary>Two waits of a second, with nothing or a hop through the context between them.</summary>
    private static async Task FlowAsync(bool hops)
    {
        await Coroutine.Delay(s_second);
        if (hops)
        {
            await Task.Yield();
        }

        await Coroutine.Delay(s_second);
    }
}
