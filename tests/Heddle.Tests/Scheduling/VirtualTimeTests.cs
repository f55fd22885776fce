using Heddle.LowLevel;
using Heddle.Testing;

namespace Heddle.Tests.Scheduling;

/// <summary>When the clock jumps, and when it waits for what other threads do. Each wait here is real: other threads take their time.</summary>
public class VirtualTimeTests
{
    private static readonly TimeSpan s_hour = TimeSpan.FromHours(1);

    private static readonly VirtualTimeOptions s_patient = new() { IdleGrace = TimeSpan.FromDays(1) };

    /// <summary>Many runs, as a thread of the pool is between the queue and the work for a moment only.</summary>
    [Fact]
    public void A_timeout_never_overtakes_work_that_a_thread_of_the_pool_has_just_taken()
    {
        for (var run = 0; run < 2_000; run++)
        {
            VirtualTime.Run(
                async () =>
                {
                    var hasFired = false;
                    using var timer = EventLoop.Current.Clock.CreateTimer(_ => hasFired = true, null, TimeSpan.FromSeconds(0.3), Timeout.InfiniteTimeSpan);
                    await Task.Run(static () => { }, CancellationToken.None);
                    Assert.False(hasFired);
                },
                s_patient);
        }
    }

    [Fact]
    public void A_thread_that_calls_back_by_Post_is_no_deadlock() => VirtualTime.Run(async () =>
    {
        var loop = EventLoop.Current;
        foreach (var pause in new[] { 0, 1, 100 })
        {
            var byThread = new CoroutineSource<string>();
            new Thread(() =>
            {
                Take(pause);
                loop.Post(() => byThread.SetResult("thread"));
            }).Start();
            Assert.Equal("thread", await byThread);

            var byTimer = new CoroutineSource<string>();
            using var timer = new Timer(_ => loop.Post(() => byTimer.SetResult("timer")), null, pause, Timeout.Infinite);
            Assert.Equal("timer", await byTimer);

            var byPool = new CoroutineSource<string>();
            ThreadPool.QueueUserWorkItem(_ =>
            {
                Take(pause);
                loop.Post(() => byPool.SetResult("pool"));
            });
            Assert.Equal("pool", await byPool);

            Assert.Equal(7, await Suspend.UntilResumedAsync<int, int>(
                pause,
                static (resumption, pause) => new Thread(() =>
                {
                    Take(pause);
                    resumption.PostResume(7);
                }).Start(),
                static _ => true,
                "a device"));
        }

        Assert.Equal(TimeSpan.Zero, loop.Now);
    });

    [Fact]
    public void A_virtual_timeout_does_not_expire_while_the_pool_works_for_it() => VirtualTime.Run(async () =>
    {
        for (var i = 0; i < 3; i++)
        {
            await CancelScope.WithTimeoutAsync(s_hour, async _ => await Task.Run(() => Take(300), CancellationToken.None));
            await CancelScope.WithTimeoutAsync(s_hour, async _ => await Coroutine.ToThread(() => Take(300)));
            using var source = new CancellationTokenSource(s_hour, EventLoop.Current.Clock);
            await Task.Run(() => Take(300), CancellationToken.None).WaitAsync(source.Token);
        }

        Assert.Equal(TimeSpan.Zero, EventLoop.Current.Now);
    });

    [Fact]
    public void A_thread_that_the_program_has_started_has_a_grace() => VirtualTime.Run(
        async () =>
        {
            var source = new TaskCompletionSource();
            var thread = new Thread(() =>
            {
                Take(100);
                source.SetResult();
            });
            thread.Start();
            await CancelScope.WithTimeoutAsync(s_hour, async _ => await source.Task.OrCanceled());
            Assert.Equal(TimeSpan.Zero, EventLoop.Current.Now);
        },
        s_patient);

    [Fact]
    public void A_thread_that_was_there_before_has_a_grace_too()
    {
        using var asked = new SemaphoreSlim(0);
        var source = new TaskCompletionSource();
        var thread = new Thread(() =>
        {
            WaitFor(asked.AvailableWaitHandle);
            Take(100);
            source.SetResult();
        });
        thread.Start();
        VirtualTime.Run(
            async () =>
            {
                asked.Release();
                await CancelScope.WithTimeoutAsync(s_hour, async _ => await source.Task.OrCanceled());
                Assert.Equal(TimeSpan.Zero, EventLoop.Current.Now);
            },
            s_patient);
        thread.Join();
    }

    [Fact]
    public void A_thread_that_never_calls_does_not_hold_the_clock_for_good()
    {
        using var end = new ManualResetEventSlim();
        VirtualTime.Run(async () =>
        {
            new Thread(() => WaitFor(end.WaitHandle)).Start();
            for (var i = 0; i < 1_000; i++)
            {
                await Coroutine.Delay(s_hour);
            }

            Assert.Equal(s_hour * 1_000, EventLoop.Current.Now);
        });
        end.Set();
    }

    [Fact]
    public void The_end_of_time_is_reached() => VirtualTime.Run(async () =>
    {
        var calls = 0;
        var loop = EventLoop.Current;
        await Coroutine.Delay(s_hour);
        await Coroutine.Delay(TimeSpan.MaxValue);
        Assert.Equal(TimeSpan.MaxValue, loop.Now);
        Assert.Equal(DateTimeOffset.MaxValue, loop.Clock.GetUtcNow());
        await Coroutine.Delay(s_hour);
        await Coroutine.Delay(TimeSpan.Zero);

        LoopTimer? timer = null;
        timer = new LoopTimer(loop, () =>
        {
            calls++;
            timer!.Schedule(TimeSpan.FromSeconds(1));
        });
        timer.Schedule(TimeSpan.Zero);
        await Coroutine.Delay(TimeSpan.Zero);
        await Coroutine.Delay(TimeSpan.Zero);
        Assert.Equal(1, calls);
    });

    [Fact]
    public void The_options_are_those_of_the_loop_and_some_more()
    {
        var name = "";
        VirtualTime.Run(async () => name = EventLoop.Current.Name);
        Assert.Equal("virtual time", name);
        VirtualTime.Run(async () => name = EventLoop.Current.Name, new() { Name = "mine" });
        Assert.Equal("mine", name);
        Assert.Throws<ArgumentException>(() => VirtualTime.Run(async () => { }, new() { Clock = new Microsoft.Extensions.Time.Testing.FakeTimeProvider() }));
        Assert.Throws<ArgumentException>(() => VirtualTime.Run(async () => { }, new() { Poller = loop => Pollers.Default(loop) }));
    }

    /// <summary>What another thread does.</summary>
    private static void Take(int milliseconds)
    {
        // Real: virtual time has to wait for it.
        Thread.Sleep(milliseconds);
    }

    private static void WaitFor(WaitHandle handle)
    {
        // Real: another thread has to set it.
        handle.WaitOne();
    }
}
