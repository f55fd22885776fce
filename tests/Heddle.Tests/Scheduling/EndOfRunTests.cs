using Heddle.LowLevel;
using static Heddle.Tests.Expect;

namespace Heddle.Tests.Scheduling;

/// <summary>A run ends with its tasks, whatever callbacks, handlers and pollers do.</summary>
public class EndOfRunTests
{
    [Fact]
    public void Callbacks_that_post_themselves_again_do_not_hold_the_end_of_a_run()
    {
        var calls = 0;
        EventLoop.Run(async () =>
        {
            var loop = EventLoop.Current;
            void Again()
            {
                calls++;
                loop.Post(Again);
            }

            loop.Post(Again);
            await Coroutine.Yield();
        });
        Assert.InRange(calls, 1, 10_000);
    }

    [Fact]
    public void A_callback_that_was_posted_before_the_end_still_runs_and_so_does_what_it_posts()
    {
        var ran = new List<int>();
        EventLoop.Run(async () =>
        {
            var loop = EventLoop.Current;
            loop.Post(() =>
            {
                ran.Add(1);
                loop.Post(() =>
                {
                    ran.Add(2);
                    loop.Post(() => ran.Add(3));
                });
            });
        });
        Assert.Equal([1, 2, 3], ran);
    }

    [Fact]
    public void Threads_that_go_on_posting_do_not_hold_the_end_of_a_run()
    {
        var stop = false;
        var threads = new List<Thread>();
        try
        {
            EventLoop.Run(async () =>
            {
                var loop = EventLoop.Current;
                for (var i = 0; i < 3; i++)
                {
                    var thread = new Thread(() =>
                    {
                        while (!Volatile.Read(ref stop))
                        {
                            loop.Post(static () => { });
                        }
                    });
                    thread.Start();
                    threads.Add(thread);
                }

                await Coroutine.Delay(TimeSpan.FromMilliseconds(20));
            });
        }
        finally
        {
            Volatile.Write(ref stop, true);
            threads.ForEach(static thread => thread.Join());
        }
    }

    [Fact]
    public async Task A_foreign_flow_that_yields_for_ever_does_not_hold_the_end_of_a_run_and_goes_on_elsewhere()
    {
        var elsewhere = new TaskCompletionSource();
        async Task FlowAsync()
        {
            while (EventLoop.IsRunning)
            {
                await Task.Yield();
            }

            elsewhere.SetResult();
        }

        using (var thread = new EventLoopThread())
        {
            await thread.RunAsync(async () =>
            {
                _ = FlowAsync();
                await Coroutine.Yield();
            });
        }

        await elsewhere.Task;
    }

    [Fact]
    public void A_report_handler_that_starts_a_task_for_each_report_does_not_hold_the_end_of_a_run()
    {
        var reports = 0;
        EventLoop.Run(
            async () =>
            {
                LoopTask.Start(Coroutine.Delay(Hour), "forgotten");
                await Coroutine.Yield();
            },
            new()
            {
                OnReport = _ =>
                {
                    reports++;
                    Assert.True(reports < 1000);
                    LoopTask.Start(Coroutine.Delay(Hour), "logs");
                },
            });
        Assert.Equal(1, reports);
    }

    [Fact]
    public async Task A_loop_can_be_disposed_of_from_within()
    {
        var thread = new EventLoopThread();
        await thread.RunAsync(async () => await thread.DisposeAsync());
        await thread.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => thread.RunAsync(static () => Coroutine.Completed));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Calls_into_a_loop_whose_poller_dies_end_with_the_reason_and_it_is_reported(bool isShielded)
    {
        DyingPoller? poller = null;
        var reports = new List<LoopReport>();
        var thread = new EventLoopThread(new() { Name = "frail", Poller = loop => poller = new DyingPoller(), OnReport = reports.Add });
        var began = new TaskCompletionSource();
        var call = thread.RunAsync(async () =>
        {
            began.SetResult();
            await (isShielded ? CancelScope.ShieldAsync(static () => Coroutine.Delay(Hour)) : Coroutine.Delay(Hour));
        });
        await began.Task;
        poller!.Die();
        var failure = await Assert.ThrowsAsync<ObjectDisposedException>(() => call);
        Assert.Contains("'frail' has died", failure.Message, StringComparison.Ordinal);
        Assert.IsType<InvalidTimeZoneException>(failure.InnerException);
        thread.Dispose();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => thread.RunAsync(static () => Coroutine.Completed));
        Assert.Contains(reports, static report => report.Exception is InvalidTimeZoneException);
    }

    [Fact]
    public async Task Foreign_code_that_awaits_a_coroutine_of_a_loop_that_dies_hears_of_it()
    {
        DyingPoller? poller = null;
        var thread = new EventLoopThread(new() { Name = "frail", Poller = _ => poller = new DyingPoller(), OnReport = static _ => { } });
        var began = new TaskCompletionSource<Task[]>();
        static async Task DirectlyAsync() => await Coroutine.Delay(Hour);
        static async Task ShieldedAsync() => await CancelScope.ShieldAsync(static () => Coroutine.Delay(Hour));
        var call = thread.RunAsync(async () =>
        {
            Task[] flows = [ShieldedAsync(), CancelScope.ShieldAsync(DirectlyAwaitedAsync).AsTask()];
            await Coroutine.Yield();
            began.SetResult(flows);
            await Coroutine.Delay(Hour);

            static async Coroutine DirectlyAwaitedAsync() => await DirectlyAsync().OrCanceled();
        });
        var flows = await began.Task;
        poller!.Die();
        foreach (var flow in flows)
        {
            Assert.Contains("'frail' has died", (await Assert.ThrowsAsync<ObjectDisposedException>(() => flow)).Message, StringComparison.Ordinal);
        }

        await Assert.ThrowsAsync<ObjectDisposedException>(() => call);
    }

    [Fact]
    public async Task A_thread_whose_poller_never_works_dies_alone_and_may_be_disposed_of_by_who_is_told()
    {
        for (var round = 0; round < 100; round++)
        {
            var told = new TaskCompletionSource();
            EventLoopThread? thread = null;
            var made = new ManualResetEventSlim();
            thread = new EventLoopThread(new()
            {
                Poller = static loop =>
                {
                    var poller = new DyingPoller();
                    poller.Die();
                    return poller;
                },
                OnReport = _ =>
                {
                    // Real: the report comes on the loop's own thread, which has ended.
                    made.Wait(TestContext.Current.CancellationToken);
                    thread!.Dispose();
                    told.TrySetResult();
                },
            });
            made.Set();
            await told.Task;
            thread.Dispose();
        }
    }

    [Fact]
    public async Task A_call_whose_token_was_cancelled_before_its_turn_runs_nothing()
    {
        await using var thread = new EventLoopThread();
        using var source = new CancellationTokenSource();
        using var release = new ManualResetEventSlim();
        thread.Loop.Post(release.Wait);
        var ran = false;
        var call = thread.RunAsync(
            () =>
            {
                ran = true;
                return Coroutine.Completed;
            },
            source.Token);
        await source.CancelAsync();
        release.Set();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        Assert.False(ran);
    }

    [Fact]
    public void Posting_says_whether_the_loop_has_taken_the_callback_in()
    {
        var ran = false;
        var loop = EventLoop.Run(async () =>
        {
            Assert.True(EventLoop.Current.TryPost(() => ran = true));
            return EventLoop.Current;
        });
        Assert.True(ran);
        Assert.False(loop.TryPost(static () => Assert.Fail("It has ended.")));
        Assert.False(loop.TryPost(static _ => Assert.Fail("It has ended."), 1));
        loop.Post(static () => Assert.Fail("It has ended."));
    }

    [Fact]
    public void Callbacks_that_had_no_turn_before_the_end_are_counted_in_one_report()
    {
        var reports = new List<LoopReport>();
        EventLoop.Run(
            async () =>
            {
                var loop = EventLoop.Current;
                void Again() => loop.Post(Again);
                loop.Post(Again);
                loop.Post(Again);
            },
            new() { OnReport = reports.Add });
        var report = Assert.Single(reports);
        Assert.Equal(LoopReportKind.CallbacksDropped, report.Kind);
        Assert.StartsWith("2 callbacks that were posted to the loop 'loop' had no turn", report.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Foreign_code_that_goes_on_after_the_end_and_waits_for_a_coroutine_does_not_hold_the_run()
    {
        Task? flow = null;
        async Task FlowAsync()
        {
            // The next turn is before the one that cancels what is left: then the coroutine could not wait.
            await Task.Yield();
            await ForeignAsync();
        }

#pragma warning disable HED003 // It is a bare wait that is tried.
        // It ends on another thread, after the last task has: not before it is waited for, so it takes its real time.
        static async Coroutine ForeignAsync() => await Task.Run(static () => Thread.Sleep(20)).ConfigureAwait(false);
#pragma warning restore HED003
        // While a timer is set, the loop looks around after each pass, and so the one after the last task counts.
        ITimer? timer = null;
        EventLoop.Run(async () =>
        {
            timer = EventLoop.Current.Clock.CreateTimer(static _ => { }, null, Expect.Hour, Timeout.InfiniteTimeSpan);
            flow = FlowAsync();
        });
        timer!.Dispose();
        Assert.NotNull(flow);
    }

    /// <summary>Waits until it is woken; once it has died it only throws.</summary>
    private sealed class DyingPoller : IPoller
    {
        private readonly AutoResetEvent _wake = new(false);
        private bool _isDead;

        public void Wait(TimeSpan timeout)
        {
            // Real, as a poller waits.
            _wake.WaitOne(timeout);
            if (Volatile.Read(ref _isDead))
            {
                throw new InvalidTimeZoneException("the poller died");
            }
        }

        public void Wake() => _wake.Set();

        public void Dispose() => _wake.Dispose();

        internal void Die()
        {
            Volatile.Write(ref _isDead, true);
            _wake.Set();
        }
    }
}
