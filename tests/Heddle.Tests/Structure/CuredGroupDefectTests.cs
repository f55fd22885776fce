using Heddle.Testing;

namespace Heddle.Tests.Structure;

/// <summary>Defects of groups that a critical reading found, each with the program that showed it.</summary>
public class CuredGroupDefectTests
{
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
                late = g!.Start(async () => { await Coroutine.Delay(Expect.Second); done = true; }, "late");
            });
            try
            {
                await TaskGroup.RunAsync(async group =>
                {
                    g = group;
                    _ = group.Start(async () => { await Coroutine.Delay(Expect.Second); wake.SetResult(1); });
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
        await Expect.ThrowsAsync<ScopeCanceledException>(async () =>
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
    public void The_limit_holds_after_the_group_was_cancelled() => Run(async () =>
    {
        var running = 0;
        var max = 0;
        async Coroutine Work()
        {
            running++;
            max = Math.Max(max, running);
            await CancelScope.ShieldAsync(() => Coroutine.Delay(Expect.Second));
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
            _ = g.Start(Coroutine.Delay(Expect.Hour));
            var queued = g.Start(Coroutine.Delay(Expect.Hour));
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
            _ = g.Start(Coroutine.Delay(Expect.Hour));
            await Expect.ThrowsAsync<TimeoutException>(() => g.StartAsync(async Coroutine (Started s) => s.Set()).WithTimeout(Expect.Second));
            Assert.Equal(Expect.Second, EventLoop.Current.Now);
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
                        try { await Coroutine.Delay(Expect.Hour); } finally { throw new FormatException("lost"); }
                    }).WithTimeout(Expect.Second);
                });
            }
            catch (AggregateException e) { thrown = e; }
        }, reports);
        Assert.True(reports.Any(r => r.Exception is FormatException) || thrown!.ToString().Contains("lost"), thrown?.ToString());
    }

    [Fact]
    public void Group_of_abandoned_foreign_code_ends_as_cancelled() => Run(async () =>
    {
        async Task Foreign() => await TaskGroup.RunAsync(async g =>
        {
            _ = g.Start(Coroutine.Delay(Expect.Hour));
            await Coroutine.Delay(Expect.Hour);
        });
        Task? t = null;
        await CancelScope.MoveOnAfterAsync(Expect.Second, async _ => { t = Foreign(); await t.OrCanceled(); });
        await Expect.ThrowsAsync<ScopeCanceledException>(async () => await t!);
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
}
