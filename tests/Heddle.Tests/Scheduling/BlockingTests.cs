using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Heddle.LowLevel;
using Microsoft.Extensions.Time.Testing;

namespace Heddle.Tests.Scheduling;

/// <summary>Rule 18. Each wait in here is real: it blocks a thread.</summary>
public class BlockingTests
{
    private static readonly TimeSpan s_grace = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan s_tenth = TimeSpan.FromMilliseconds(10);

    [Fact]
    [Trait("rule", "18")]
    public void A_lock_that_another_thread_holds_is_reported_once_with_the_stack_and_never_throws()
    {
        foreach (var throws in new[] { false, true })
        {
            var reports = new List<LoopReport>();
            EventLoop.Run(
                async () =>
                {
                    LoopTask.Start(async () => { while (true) { await Coroutine.Delay(s_tenth); } }, "heartbeat");
                    await Coroutine.Yield();
                    EnterHeldLock();
                },
                new() { BlockingGrace = s_grace, ThrowIfBlocked = throws, OnReport = reports.Add });
            var report = Assert.Single(reports, report => report.Kind == LoopReportKind.Blocked);
            Assert.Equal("main", report.TaskName);
            Assert.Contains(nameof(EnterHeldLock), report.Message);
        }
    }

    [Fact]
    [Trait("rule", "18")]
    public void While_nothing_else_is_due_a_wait_is_nobodys_business()
    {
        var reports = new List<LoopReport>();
        var clock = new FakeTimeProvider();
        EventLoop.Run(
            async () =>
            {
                LoopTask.Start(Coroutine.Delay(TimeSpan.FromSeconds(7)), "sleeper");
                await Coroutine.Yield();

                // Its slot of the timer wheel, of four seconds, has begun; it is not due.
                clock.Advance(TimeSpan.FromSeconds(5));
                EnterHeldLock();
            },
            new() { Clock = clock, BlockingGrace = s_grace, OnReport = reports.Add });
        Assert.DoesNotContain(reports, report => report.Kind == LoopReportKind.Blocked);
    }

    [Fact]
    [Trait("rule", "18")]
    public void A_wait_for_a_task_is_reported_and_throws_only_if_the_options_say_so()
    {
        foreach (var throws in new[] { false, true })
        {
            var reports = new List<LoopReport>();
            EventLoop.Run(
                async () =>
                {
                    var work = WorkAsync();
                    bool? ended = null;
                    var failure = Record.Exception(() => ended = WaitFor(work));
                    Assert.Equal(throws, failure is InvalidOperationException);
                    Assert.Equal(throws ? null : false, ended);
                    Assert.Equal(1, await work);
                },
                new() { BlockingGrace = s_grace, ThrowIfBlocked = throws, OnReport = reports.Add });
            Assert.Contains(nameof(WaitFor), Assert.Single(reports).Message);
        }

        static async Task<int> WorkAsync()
        {
            await Coroutine.Yield();
            return 1;
        }
    }

    [Fact]
    [Trait("rule", "18")]
    public void With_an_endless_grace_nothing_is_reported()
    {
        var reports = new List<LoopReport>();
        EventLoop.Run(
            async () =>
            {
                LoopTask.Start(async () => { while (true) { await Coroutine.Yield(); } }, "busy");
                await Coroutine.Yield();
                EnterHeldLock();
            },
            new() { BlockingGrace = Timeout.InfiniteTimeSpan, ThrowIfBlocked = true, OnReport = reports.Add });
        Assert.DoesNotContain(reports, report => report.Kind == LoopReportKind.Blocked);
    }

    [Fact]
    [Trait("rule", "18")]
    public async Task A_wait_for_what_the_loops_own_sockets_bring_is_seen()
    {
        var reports = new ConcurrentQueue<LoopReport>();
        await using var loop = new EventLoopThread(new() { BlockingGrace = s_grace, OnReport = reports.Enqueue });
        await loop.RunAsync(async () =>
        {
            using var listener = new TcpListener(IPAddress.Loopback, 0);
            listener.Start();
            await using var connection = await TcpConnection.ConnectAsync((IPEndPoint)listener.LocalEndpoint);
            var read = connection.Reader.ReadExactlyAsync(1).AsTask();
            await Coroutine.Yield();
            WaitFor(read);
        });
        Assert.Contains(reports, report => report.Kind == LoopReportKind.Blocked && report.Message.Contains(nameof(WaitFor), StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("post")]
    [InlineData("timer")]
    [InlineData("clock")]
    [InlineData("token")]
    [Trait("rule", "18")]
    public async Task A_callback_that_does_not_return_is_reported_while_it_does_not(string kind)
    {
        using var told = new ManualResetEventSlim();
        var ended = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var loop = new EventLoopThread(new()
        {
            BlockingGrace = s_grace,
            OnReport = report =>
            {
                if (report.Kind == LoopReportKind.Blocked)
                {
                    told.Set();
                }
            },
        });

        // It returns when somebody has said that it does not.
        void Callback() => ended.SetResult(told.Wait(TimeSpan.FromMinutes(1), CancellationToken.None));
        if (kind == "post")
        {
            loop.Loop.Post(Callback);
        }
        else
        {
            await loop.RunAsync(async () =>
            {
                if (kind == "timer")
                {
                    new LoopTimer(EventLoop.Current, Callback).Schedule(s_tenth);
                }
                else if (kind == "clock")
                {
                    EventLoop.Current.Clock.CreateTimer(_ => Callback(), null, s_tenth, Timeout.InfiniteTimeSpan);
                }
                else
                {
                    await CancelScope.RunAsync(async scope =>
                    {
                        scope.Token.Register(Callback);
                        scope.Cancel();
                    });
                }
            });
        }

        Assert.True(await ended.Task);
    }

    [Fact]
    public void A_delay_that_is_over_does_not_end_in_less_than_no_time()
    {
        var seen = new List<string>();
        EventLoop.Run(async () =>
        {
            var sleeper = LoopTask.Start(Coroutine.Delay(TimeSpan.FromMilliseconds(1)), "sleeper");
            await Coroutine.Yield();
            Hold();
            seen.Add(sleeper.WaitsFor!);
            await sleeper;
        });
        Assert.Equal(["a delay that is over"], seen);
    }

    // Real: to block the loop's thread is the point.
    private static bool WaitFor(Task task) => task.Wait(1_000, CancellationToken.None);

    // Real: the same.
    private static void Hold() => Thread.Sleep(20);

    private static void EnterHeldLock()
    {
        var gate = new object();
        using var held = new ManualResetEventSlim();
        var holder = new Thread(() =>
        {
            lock (gate)
            {
                held.Set();

                // Real: another thread has the lock for several graces.
                Thread.Sleep(400);
            }
        });
        holder.Start();
        while (!held.IsSet)
        {
            Thread.SpinWait(10);
        }

        lock (gate)
        {
        }
    }
}
