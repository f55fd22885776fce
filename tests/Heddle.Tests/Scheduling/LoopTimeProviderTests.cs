using Heddle.LowLevel;
using Heddle.Testing;
using Heddle.Tests.Net;
using Polly;
using Polly.Retry;

namespace Heddle.Tests.Scheduling;

/// <summary>The loop's clock and its timers, as code sees them that takes a <see cref="TimeProvider"/>.</summary>
public class LoopTimeProviderTests
{
    private static readonly TimeSpan s_ms = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan s_second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_hour = TimeSpan.FromHours(1);

    public static TheoryData<bool> Modes => [false, true];

    /// <summary>Has the clock jump hundreds of times. What else is in this process may call for a grace, but not at every jump.</summary>
    private static void RunWithoutGrace(int jumps, bool strict, Func<Coroutine> main)
    {
        CountingNetwork? network = null;
        VirtualTime.Run(main, new() { Strict = strict, Network = loop => network = new CountingNetwork(Pollers.Default(loop)) });
        Assert.InRange(network!.Waits, 0, jumps / 2);
    }

    [Theory(DisableParallelization = true)]
    [MemberData(nameof(Modes))]
    public void Task_Delay_takes_virtual_time_and_no_real_time(bool strict) => RunWithoutGrace(
        1_000,
        strict,
        async () =>
        {
            for (var i = 0; i < 1_000; i++)
            {
                // By the loop's clock, and so no real time at all.
                await Task.Delay(s_second, EventLoop.Current.Clock, CancellationToken.None);
            }

            // The same.
            await Task.Delay(s_hour, EventLoop.Current.Clock, CancellationToken.None).OrCanceled();
            Assert.Equal(s_second * 1_000 + s_hour, EventLoop.Current.Now);
        });

    [Fact]
    public void A_token_source_expires_by_the_loops_time() => VirtualTime.Run(
        async () =>
        {
            using var source = new CancellationTokenSource(TimeSpan.FromMinutes(1), EventLoop.Current.Clock);
            await Assert.ThrowsAsync<OperationCanceledException>(async () => await CancelScope.WithTokenAsync(source.Token, _ => Coroutine.Delay(s_hour)));
            Assert.Equal(TimeSpan.FromMinutes(1), EventLoop.Current.Now);
        });

    [Theory(DisableParallelization = true)]
    [MemberData(nameof(Modes))]
    public void A_periodic_timer_ticks_by_the_loops_time(bool strict) => RunWithoutGrace(
        360,
        strict,
        async () =>
        {
            using var timer = new PeriodicTimer(TimeSpan.FromSeconds(10), EventLoop.Current.Clock);
            for (var tick = 1; tick <= 360; tick++)
            {
                Assert.True(await timer.WaitForNextTickAsync(CancellationToken.None));
                Assert.Equal(TimeSpan.FromSeconds(10) * tick, EventLoop.Current.Now);
            }
        });

    [Theory(DisableParallelization = true)]
    [MemberData(nameof(Modes))]
    public void The_retries_of_a_library_take_virtual_time(bool strict) => RunWithoutGrace(
        300,
        strict,
        async () =>
        {
            var pipeline = new ResiliencePipelineBuilder { TimeProvider = EventLoop.Current.Clock }
                .AddRetry(new RetryStrategyOptions { MaxRetryAttempts = 3, Delay = s_second, BackoffType = DelayBackoffType.Exponential })
                .AddTimeout(TimeSpan.FromMinutes(1))
                .Build();
            var loop = EventLoop.Current;
            for (var i = 0; i < 100; i++)
            {
                var start = loop.Now;
                var attempts = new List<TimeSpan>();
                await pipeline.ExecuteAsync(
                    _ =>
                    {
                        attempts.Add(loop.Now - start);
                        return attempts.Count < 4 ? throw new IOException() : default;
                    },
                    CancellationToken.None);
                Assert.Equal([0, 1, 3, 7], attempts.Select(time => time.TotalSeconds));
            }
        });

    [Fact]
    public void The_callback_runs_on_the_loop_with_no_task_current_in_its_makers_context() => VirtualTime.Run(async () =>
    {
        var local = new AsyncLocal<string> { Value = "the maker's" };
        var loop = EventLoop.Current;
        var thread = Environment.CurrentManagedThreadId;
        var seen = new List<string>();
        void Note()
        {
            Assert.Equal(thread, Environment.CurrentManagedThreadId);
            Assert.Same(loop, EventLoop.Current);
            Assert.Null(LoopTask.Current);
            Assert.Null(SynchronizationContext.Current);
            seen.Add(local.Value ?? "nothing");
            local.Value = "a callback's";
        }

        using var first = loop.Clock.CreateTimer(_ => Note(), null, s_second, Timeout.InfiniteTimeSpan);
        ITimer second;
        using (ExecutionContext.SuppressFlow())
        {
            second = loop.Clock.CreateTimer(_ => Note(), null, s_second, Timeout.InfiniteTimeSpan);
        }

        var third = new LoopTimer(loop, Note);
        third.Schedule(s_second);
        local.Value = "another";
        await Coroutine.Delay(s_hour);
        Assert.Equal(["the maker's", "nothing", "the maker's"], seen);
        Assert.Equal("another", local.Value);
        second.Dispose();
    });

    [Fact]
    public void A_callback_that_throws_is_reported_and_fails_alone()
    {
        var reports = new List<LoopReport>();
        VirtualTime.Run(
            async () =>
            {
                var calls = 0;
                using var bad = EventLoop.Current.Clock.CreateTimer(_ => throw new FormatException(), null, s_second, s_second);
                using var good = EventLoop.Current.Clock.CreateTimer(_ => calls++, null, s_second, s_second);
                await Coroutine.Delay(s_second * 3.5);
                Assert.Equal(3, calls);
            },
            new() { OnReport = reports.Add });
        Assert.Equal(3, reports.Count);
        Assert.All(reports, report => Assert.IsType<FormatException>(report.Exception));
    }

    [Fact]
    public void A_timer_is_changed_from_any_thread_and_the_last_call_counts_from_when_it_was_made() => VirtualTime.Run(async () =>
    {
        var loop = EventLoop.Current;
        var calls = new List<double>();
        using var timer = loop.Clock.CreateTimer(_ => calls.Add(loop.Now.TotalSeconds), null, s_second, Timeout.InfiniteTimeSpan);
        await Task.Run(
            () =>
            {
                Assert.True(timer.Change(s_second * 2, Timeout.InfiniteTimeSpan));
                Assert.True(timer.Change(s_second * 5, s_second * 10));
            },
            CancellationToken.None);
        await Coroutine.Delay(s_second * 20);
        Assert.Equal([5, 15], calls);

        await Task.Run(() => timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan), CancellationToken.None);
        await Coroutine.Delay(s_second * 20);
        Assert.Equal([5, 15], calls);

        timer.Change(s_second, Timeout.InfiniteTimeSpan);
        await Task.Run(timer.Dispose, CancellationToken.None);
        await Coroutine.Delay(s_second * 20);
        Assert.Equal([5, 15], calls);
        Assert.False(timer.Change(s_second, s_second));
    });

    [Fact]
    public void What_another_thread_has_stopped_does_not_fire_though_the_loop_has_not_heard_of_it_yet() => VirtualTime.Run(async () =>
    {
        var calls = 0;
        using var timer = EventLoop.Current.Clock.CreateTimer(_ => calls++, null, s_ms, Timeout.InfiniteTimeSpan);
        var hasStopped = 0;
        new Thread(() =>
        {
            timer.Dispose();
            Volatile.Write(ref hasStopped, 1);
        }).Start();

        // Real: another thread disposes of it while the loop's is held.
        while (Volatile.Read(ref hasStopped) == 0)
        {
            Thread.SpinWait(10);
        }

        await Coroutine.Delay(s_second);
        Assert.Equal(0, calls);
    });

    [Fact]
    public void A_period_of_nothing_or_of_less_than_a_millisecond_fires_once() => VirtualTime.Run(async () =>
    {
        var calls = 0;
        foreach (var period in new[] { TimeSpan.Zero, TimeSpan.FromTicks(1), TimeSpan.FromMicroseconds(999), Timeout.InfiniteTimeSpan })
        {
            var before = calls;
            using var timer = EventLoop.Current.Clock.CreateTimer(_ => calls++, null, s_ms, period);
            await Coroutine.Delay(s_second);
            Assert.Equal(before + 1, calls);
        }
    });

    [Fact]
    public void Ticks_that_were_missed_are_left_out_and_the_others_keep_their_times()
    {
        var clock = new Microsoft.Extensions.Time.Testing.FakeTimeProvider();
        EventLoop.Run(
            async () =>
            {
                var loop = EventLoop.Current;
                var calls = new List<double>();
                using var timer = loop.Clock.CreateTimer(_ => calls.Add(loop.Now.TotalSeconds), null, s_second, s_second);
                clock.Advance(s_second * 10.5);
                for (var i = 0; i < 5; i++)
                {
                    await Coroutine.Yield();
                }

                clock.Advance(s_second * 0.5);
                for (var i = 0; i < 5; i++)
                {
                    await Coroutine.Yield();
                }

                Assert.Equal([10.5, 11], calls);
            },
            new() { Clock = clock });
    }

    [Fact]
    public void Arguments_have_the_systems_limits() => VirtualTime.Run(async () =>
    {
        await Coroutine.Yield();
        var clock = EventLoop.Current.Clock;
        Assert.Throws<ArgumentNullException>(() => clock.CreateTimer(null!, null, s_second, s_second));
        using var timer = clock.CreateTimer(_ => { }, null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        using var platform = TimeProvider.System.CreateTimer(_ => { }, null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        TimeSpan[] spans =
        [
            TimeSpan.MinValue, -s_second, s_ms * -2, s_ms * -1.5, -s_ms, s_ms * -0.5, TimeSpan.Zero, s_ms * 4294967294.0, s_ms * 4294967295.0, TimeSpan.MaxValue,
        ];
        foreach (var span in spans)
        {
            var expected = Record.Exception(() => platform.Change(span, Timeout.InfiniteTimeSpan))?.GetType();
            Assert.Equal(expected, Record.Exception(() => timer.Change(span, Timeout.InfiniteTimeSpan))?.GetType());
            Assert.Equal(expected, Record.Exception(() => timer.Change(Timeout.InfiniteTimeSpan, span))?.GetType());
        }
    });

    [Fact]
    public void DisposeAsync_waits_for_the_callback_that_runs() => VirtualTime.Run(async () =>
    {
        using var entered = new ManualResetEventSlim();
        using var asked = new ManualResetEventSlim();
        var hasReturned = false;
        var timer = EventLoop.Current.Clock.CreateTimer(
            _ =>
            {
                entered.Set();
                // Real: another thread asks meanwhile.
                asked.Wait(CancellationToken.None);
                hasReturned = true;
            },
            null,
            s_second,
            s_second);
        var disposing = Task.Run(
            async () =>
            {
                // Real: the loop's thread has to come to it.
                entered.Wait(CancellationToken.None);
                var disposal = timer.DisposeAsync();
                asked.Set();
                await disposal;
                return hasReturned;
            },
            CancellationToken.None);
        await Coroutine.Delay(s_second * 2);
        Assert.True(await disposing);
    });

    [Fact]
    public void After_the_loops_end_a_timer_never_fires_and_never_throws()
    {
        var calls = 0;
        ITimer? timer = null;
        TimeProvider? clock = null;
        VirtualTime.Run(async () =>
        {
            await Coroutine.Yield();
            clock = EventLoop.Current.Clock;
            timer = clock.CreateTimer(_ => calls++, null, s_second, s_second);
        });
        Assert.True(timer!.Change(TimeSpan.Zero, s_ms));
        using var late = clock!.CreateTimer(_ => calls++, null, TimeSpan.Zero, s_ms);
        timer.Dispose();
        Assert.True(timer.DisposeAsync().IsCompletedSuccessfully);
        Assert.False(timer.Change(TimeSpan.Zero, s_ms));
        Assert.Equal(0, calls);
    }

    [Fact]
    public void In_real_time_the_same_timers_wake_the_loop() => EventLoop.Run(async () =>
    {
        // Real: the loop's timers by the system's clock.
        var clock = EventLoop.Current.Clock;
        await Task.Delay(s_ms, clock, CancellationToken.None);

        // Real, too: from another thread.
        await Task.Run(() => Task.Delay(s_ms, clock, CancellationToken.None), CancellationToken.None);
        using var ticks = new PeriodicTimer(s_ms, clock);
        Assert.True(await ticks.WaitForNextTickAsync(CancellationToken.None));
        Assert.True(await ticks.WaitForNextTickAsync(CancellationToken.None));
    });
}
