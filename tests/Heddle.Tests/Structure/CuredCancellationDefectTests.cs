using Heddle.LowLevel;
using Heddle.Testing;

namespace Heddle.Tests.Structure;

/// <summary>Defects of scopes and waits that a critical reading found, each with the program that showed it.</summary>
public class CuredCancellationDefectTests
{
    private static void Run(Func<Coroutine> body, List<LoopReport>? reports = null)
        => VirtualTime.Run(body, new() { OnReport = r => reports?.Add(r), IdleGrace = TimeSpan.FromMilliseconds(1) });

    [Fact]
    public void Cancelling_a_task_cancels_the_token_it_took_from_its_current_scope() => Run(async () =>
    {
        // Real, but endless: only the cancellation ends it.
        var t = LoopTask.Start(async () => await Task.Delay(-1, CancelScope.Current.Token));
        await Coroutine.Yield();
        t.Cancel();
        Assert.True((await CancelScope.MoveOnAfterAsync(Expect.Second, async _ => await LoopTask.WhenAny(t))).IsSuccess);
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
                    try { await Coroutine.Delay(Expect.Second).WithTimeout(Expect.Second); } catch (OperationCanceledException) { }
                }
            });
        }, reports);
        Assert.Single(reports);
    }

    [Fact]
    public void An_abort_handler_may_cancel_a_scope_further_out() => Run(async () =>
    {
        await Coroutine.Delay(Expect.Second);
        await CancelScope.RunAsync(async outer => await CancelScope.RunAsync(async inner =>
        {
            _ = LoopTask.Start(async () => { await Coroutine.Yield(); inner.Cancel(); });
            try
            {
                await Suspend.UntilResumedAsync<CancelScope, int>(outer, static (_, _) => { }, static o => { o.Cancel("from abort"); return true; }, "x");
            }
            finally
            {
                await CancelScope.ShieldAsync(() => Coroutine.Delay(Expect.Second * 5));
            }
        }));
        Assert.Equal(Expect.Second * 6, EventLoop.Current.Now);
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
        await Expect.ThrowsAsync<ArgumentOutOfRangeException>(() => TaskGroup.RunAsync(async Coroutine (TaskGroup _) => { }, new() { MaxConcurrency = 0 }));
        Assert.Same(before, CancelScope.Current);
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

            async Coroutine Good() { try { await Coroutine.Delay(Expect.Hour); } finally { ended++; } }
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
        await Coroutine.Delay(Expect.Second);
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
                await CancelScope.ShieldAsync(() => Coroutine.Delay(Expect.Second * 5));
            }
        });
        Assert.Equal(Expect.Second * 6, EventLoop.Current.Now);
    });

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
                        for (var i = 0; i < 100_000; i++) { _ = g.Start(Coroutine.Delay(Expect.Hour)); }
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

    private sealed class Thrower : System.Runtime.CompilerServices.INotifyCompletion
    {
        public bool IsCompleted => false;
        public Thrower GetAwaiter() => this;
        public void GetResult() { }
        public void OnCompleted(Action c) => throw new InvalidTimeZoneException();
    }
}
