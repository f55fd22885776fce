using Heddle.LowLevel;
using Heddle.Testing;

namespace Heddle.Tests.Structure;

/// <summary>Defects that a critical reading of the runtime found, each with the program that showed it.</summary>
public class CuredDefectTests
{
    private static readonly TimeSpan s_second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_hour = TimeSpan.FromHours(1);

    private static void Run(Func<Coroutine> body, List<LoopReport>? reports = null)
        => VirtualTime.Run(body, new() { OnReport = r => reports?.Add(r), IdleGrace = TimeSpan.FromMilliseconds(1) });

    [Fact]
    public void A_task_started_between_the_last_end_and_the_join_is_awaited()
    {
        var done = false;
        Run(async () =>
        {
            var wake = new CoroutineSource<int>();
            TaskGroup? g = null;
            LoopTask? late = null;
            var x = LoopTask.Start(async () =>
            {
                await wake;
                late = g!.Start(async () => { await Coroutine.Delay(s_second); done = true; }, "late");
            });
            try
            {
                await TaskGroup.RunAsync(async group =>
                {
                    g = group;
                    _ = group.Start(async () => { await Coroutine.Delay(s_second); wake.SetResult(1); });
                });
                Assert.True(late is null || late.IsCompleted, $"late: {late}");
            }
            finally
            {
                await LoopTask.WhenAny(x);
            }

            if (late is null) { done = true; }
        });
        Assert.True(done);
    }

    [Fact]
    public void A_group_without_a_result_throws_and_gives_no_default() => Run(async () =>
    {
        await Assert_Throws<ScopeCanceledException>(async () =>
        {
            var n = await TaskGroup.RunAsync(async Coroutine<int> (g) =>
            {
                var t = g.Scope.Token;
                g.Cancel();
                // Real, but endless: only the cancellation ends it.
                await Task.Delay(-1, t);
                return 5;
            });
            Assert.Fail($"returned {n}");
        });
    });

    [Fact]
    public void A_races_result_is_not_lost_to_a_cancellation_in_the_same_turn() => Run(async () =>
    {
        int? got = null;
        var src = new CoroutineSource<int>();
        await CancelScope.RunAsync(async s =>
        {
            _ = LoopTask.Start(async () => { await Coroutine.Delay(s_second); src.SetResult(7); await Coroutine.Yield(); s.Cancel(); });
            async Coroutine<int> A() => await src;
            async Coroutine<int> B() { await Coroutine.Delay(s_hour); return 2; }
            got = await Coroutine.Race(A(), B());
        });
        Assert.Equal(7, got);
    });

    [Fact]
    public void Cancelling_a_task_cancels_the_token_it_took_from_its_current_scope() => Run(async () =>
    {
        // Real, but endless: only the cancellation ends it.
        var t = LoopTask.Start(async () => await Task.Delay(-1, CancelScope.Current.Token));
        await Coroutine.Yield();
        t.Cancel();
        Assert.True((await CancelScope.MoveOnAfterAsync(s_second, async _ => await LoopTask.WhenAny(t))).IsSuccess);
        Assert.True(t.IsCanceled);
    });

    [Fact]
    public void Swallowing_through_nested_scopes_is_reported()
    {
        var reports = new List<LoopReport>();
        Run(async () =>
        {
            await CancelScope.RunAsync(async s =>
            {
                s.Cancel();
                for (var i = 0; i < 500; i++)
                {
                    try { await Coroutine.Delay(s_second).WithTimeout(s_second); } catch (OperationCanceledException) { }
                }
            });
        }, reports);
        Assert.Single(reports);
    }

    [Fact]
    public void An_abort_handler_may_cancel_a_scope_further_out() => Run(async () =>
    {
        await Coroutine.Delay(s_second);
        await CancelScope.RunAsync(async outer => await CancelScope.RunAsync(async inner =>
        {
            _ = LoopTask.Start(async () => { await Coroutine.Yield(); inner.Cancel(); });
            try
            {
                await Suspend.UntilResumedAsync<CancelScope, int>(outer, static (_, _) => { }, static o => { o.Cancel("from abort"); return true; }, "x");
            }
            finally
            {
                await CancelScope.ShieldAsync(() => Coroutine.Delay(s_second * 5));
            }
        }));
        Assert.Equal(s_second * 6, EventLoop.Current.Now);
    });

    [Fact]
    public void The_limit_holds_after_the_group_was_cancelled() => Run(async () =>
    {
        var running = 0;
        var max = 0;
        async Coroutine Work()
        {
            running++;
            max = Math.Max(max, running);
            await CancelScope.ShieldAsync(() => Coroutine.Delay(s_second));
            running--;
        }

        await TaskGroup.RunAsync(async g =>
        {
            _ = g.Start(Work());
            _ = g.Start(Work());
            await Coroutine.Yield();
            g.Cancel();
            _ = g.Start(Work());
            _ = g.Start(Work());
        }, new() { MaxConcurrency = 1 });
        Assert.Equal(1, max);
    });

    [Fact]
    public void A_task_that_waits_for_its_turn_ends_at_once_when_it_is_cancelled_alone() => Run(async () =>
    {
        await TaskGroup.RunAsync(async g =>
        {
            _ = g.Start(Coroutine.Delay(s_hour));
            var queued = g.Start(Coroutine.Delay(s_hour));
            await Coroutine.Yield();
            queued.Cancel();
            await LoopTask.WhenAny(queued);
            Assert.Equal(TimeSpan.Zero, EventLoop.Current.Now);
            g.Cancel();
        }, new() { MaxConcurrency = 1 });
    });

    [Fact]
    public void A_handshake_in_a_full_group_obeys_its_timeout() => Run(async () =>
    {
        await TaskGroup.RunAsync(async g =>
        {
            _ = g.Start(Coroutine.Delay(s_hour));
            await Assert_Throws<TimeoutException>(() => g.StartAsync(async Coroutine (Started s) => s.Set()).WithTimeout(s_second));
            Assert.Equal(s_second, EventLoop.Current.Now);
            g.Cancel();
        }, new() { MaxConcurrency = 1 });
    });

    [Fact]
    public void Failure_before_handshake_of_cancelled_starter_is_not_silent()
    {
        var reports = new List<LoopReport>();
        Exception? thrown = null;
        Run(async () =>
        {
            try
            {
                await TaskGroup.RunAsync(async g =>
                {
                    await g.StartAsync(async Coroutine (Started s) =>
                    {
                        try { await Coroutine.Delay(s_hour); } finally { throw new FormatException("lost"); }
                    }).WithTimeout(s_second);
                });
            }
            catch (AggregateException e) { thrown = e; }
        }, reports);
        Assert.True(reports.Any(r => r.Exception is FormatException) || thrown!.ToString().Contains("lost"), thrown?.ToString());
    }

    [Fact]
    public void A_spent_coroutine_among_those_of_WhenEach_leaves_no_task() => Run(async () =>
    {
        async Coroutine<int> A() { await Coroutine.Delay(s_hour); return 1; }
        var a = A();
        await Assert_Throws<InvalidOperationException>(async () =>
        {
            await foreach (var t in Coroutine.WhenEach(a, a)) { }
        });
        await Coroutine.Yield();
        await Coroutine.Yield();
        Assert.Equal(["main"], EventLoop.Current.Tasks.Select(t => t.Name));
    });

    [Fact]
    public void A_failure_in_the_clean_up_of_a_cancelled_WhenAllSettled_is_not_silent()
    {
        var reports = new List<LoopReport>();
        Run(async () =>
        {
            async Coroutine Bad() { try { await Coroutine.Delay(s_hour); } finally { throw new FormatException("lost"); } }
            await CancelScope.MoveOnAfterAsync(s_second, async _ => await Coroutine.WhenAllSettled(Bad(), Coroutine.Delay(s_hour)));
        }, reports);
        Assert.Single(reports);
    }

    [Fact]
    public void A_spent_coroutine_in_WhenAll_or_Race_hides_no_failure_and_no_result()
    {
        var reports = new List<LoopReport>();
        Run(async () =>
        {
            async Coroutine Bad() { try { await Coroutine.Delay(s_hour); } finally { throw new FormatException("lost"); } }
            var spent = Bad();
            await Assert_Throws<FormatException>(() => spent.WithTimeout(TimeSpan.Zero));
            await Assert_Throws<InvalidOperationException>(() => Coroutine.WhenAll(Bad(), spent));
            await Assert_Throws<InvalidOperationException>(async () => await Coroutine.WhenAllSettled(Bad(), spent));
            await Assert_Throws<InvalidOperationException>(() => Coroutine.Race(Bad(), spent));
        }, reports);
        Assert.Equal(3, reports.Count);
    }

    [Fact]
    public void Group_of_abandoned_foreign_code_ends_as_cancelled() => Run(async () =>
    {
        async Task Foreign() => await TaskGroup.RunAsync(async g =>
        {
            _ = g.Start(Coroutine.Delay(s_hour));
            await Coroutine.Delay(s_hour);
        });
        Task? t = null;
        await CancelScope.MoveOnAfterAsync(s_second, async _ => { t = Foreign(); await t.OrCanceled(); });
        await Assert_Throws<ScopeCanceledException>(async () => await t!);
    });

    [Fact]
    public void The_handle_of_a_coroutine_that_foreign_code_awaits_completes() => Run(async () =>
    {
        LoopTask? implicitTask = null;
        async Coroutine Inner() { implicitTask = LoopTask.Current; await Coroutine.Yield(); }
        async Task Foreign() => await Inner();
        await Foreign();
        Assert.True(implicitTask!.IsCompleted);
    });

    [Fact]
    public void Bad_options_enter_no_scope() => Run(async () =>
    {
        var before = CancelScope.Current;
        await Assert_Throws<ArgumentOutOfRangeException>(() => TaskGroup.RunAsync(async Coroutine (TaskGroup _) => { }, new() { MaxConcurrency = 0 }));
        Assert.Same(before, CancelScope.Current);
    });

    [Fact]
    public void A_result_is_not_lost_because_one_task_was_cancelled_alone() => Run(async () =>
    {
        var n = 0;
        await CancelScope.RunAsync(async outer =>
        {
            n = await TaskGroup.RunAsync(async Coroutine<int> (g) =>
            {
                var c = g.Start(Coroutine.Delay(s_hour));
                await Coroutine.Yield();
                c.Cancel();
                await LoopTask.WhenAny(c);
                outer.Cancel();
                return 5;
            });
        });
        Assert.Equal(5, n);
    });

    [Fact]
    public void Started_set_on_wrong_thread_can_be_repeated() => Run(async () =>
    {
        await TaskGroup.RunAsync(async g =>
        {
            await g.StartAsync(async Coroutine (Started s) =>
            {
                try { await Task.Run(s.Set, CancellationToken.None); } catch (InvalidOperationException) { s.Set(); }
            });
        });
    });

    [Fact]
    public void Abort_that_throws_does_not_leave_others_waiting() => Run(async () =>
    {
        var ended = 0;
        await CancelScope.RunAsync(async s =>
        {
            async Coroutine Bad()
            {
                try { await Suspend.UntilResumedAsync<int, int>(0, static (_, _) => { }, static _ => throw new FormatException(), "x"); }
                finally { ended++; }
            }

            async Coroutine Good() { try { await Coroutine.Delay(s_hour); } finally { ended++; } }
            await TaskGroup.RunAsync(async g =>
            {
                _ = g.Start(Bad());
                _ = g.Start(Good());
                await Coroutine.Yield();
                try { g.Cancel(); } catch (FormatException) { }
            });
        });
        Assert.Equal(2, ended);
    });

    [Fact]
    public void A_wait_that_is_resumed_by_its_abort_handler_ends_once() => Run(async () =>
    {
        await Coroutine.Delay(s_second);
        var box = new Resumption<int>[1];
        await CancelScope.RunAsync(async s =>
        {
            _ = LoopTask.Start(async () => { await Coroutine.Yield(); s.Cancel(); });
            try
            {
                await Suspend.UntilResumedAsync<Resumption<int>[], int>(box, static (r, b) => b[0] = r, static b => { b[0].TryResume(1); return true; }, "x");
            }
            finally
            {
                await CancelScope.ShieldAsync(() => Coroutine.Delay(s_second * 5));
            }
        });
        Assert.Equal(s_second * 6, EventLoop.Current.Now);
    });

    [Fact]
    public void What_a_loser_got_is_disposed_of_under_a_shield()
    {
        var reports = new List<LoopReport>();
        var disposed = false;
        Run(async () =>
        {
            async Coroutine<D> A() { await CancelScope.ShieldAsync(() => Coroutine.Delay(s_second)); return new D(() => disposed = true); }
            async Coroutine<D> B() { await Coroutine.Yield(); return new D(() => { }); }
            await CancelScope.MoveOnAfterAsync(s_second / 2, async _ => await Coroutine.Race(A(), B()));
        }, reports);
        Assert.True(disposed);
        Assert.Empty(reports);
    }

    [Fact]
    public void A_hundred_thousand_waiting_tasks_can_be_cancelled()
    {
        Exception? f = null;
        var thread = new Thread(() =>
        {
            try
            {
                Run(async () =>
                {
                    await TaskGroup.RunAsync(async g =>
                    {
                        for (var i = 0; i < 100_000; i++) { _ = g.Start(Coroutine.Delay(s_hour)); }
                        await Coroutine.Yield();
                        g.Cancel();
                    }, new() { MaxConcurrency = 1 });
                });
            }
            catch (Exception e) { f = e; }
        }, 256 * 1024);
        thread.Start();
        thread.Join();
        Assert.Null(f);
    }

    private sealed class D(Action onDisposed) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync() { await Coroutine.Delay(s_second); onDisposed(); }
    }

    private sealed class Thrower : System.Runtime.CompilerServices.INotifyCompletion
    {
        public bool IsCompleted => false;
        public Thrower GetAwaiter() => this;
        public void GetResult() { }
        public void OnCompleted(Action c) => throw new InvalidTimeZoneException();
    }

    private static async Coroutine<TException> Assert_Throws<TException>(Func<Coroutine> body)
        where TException : Exception
    {
        try { await body(); }
        catch (TException failure) { return failure; }
        throw new Xunit.Sdk.XunitException($"No {typeof(TException).Name} was thrown.");
    }
}
