using System.Diagnostics;
using System.Globalization;
using Heddle.LowLevel;
using static Heddle.Tests.Expect;

namespace Heddle.Tests.Scheduling;

/// <summary>The table "What flows where" of docs/guide/foreign-code.md, a cell a test.</summary>
public class AmbientContextTests
{
    private static readonly AsyncLocal<string> s_local = new();

    [Fact]
    public void What_is_run_is_in_the_context_of_who_runs_the_loop_and_leaves_nothing_there()
    {
        s_local.Value = "caller's";
        EventLoop.Run(async () =>
        {
            Assert.Equal("caller's", s_local.Value);
            s_local.Value = "main's";
            await Coroutine.Yield();
            Assert.Equal("main's", s_local.Value);
        });
        Assert.Equal("caller's", s_local.Value);
    }

    [Fact]
    public void Run_where_the_flow_is_suppressed_sees_the_context_and_leaves_both_as_they_were()
    {
        s_local.Value = "caller's";
        var control = ExecutionContext.SuppressFlow();
        var seen = EventLoop.Run(async () =>
        {
            await Coroutine.Yield();
            return s_local.Value;
        });
        Assert.True(ExecutionContext.IsFlowSuppressed());
        control.Undo();
        Assert.False(ExecutionContext.IsFlowSuppressed());
        Assert.Equal(("caller's", "caller's"), (seen, s_local.Value));
    }

    [Fact]
    public async Task A_call_from_another_thread_is_in_the_callers_context_and_leaves_nothing_there()
    {
        await using var thread = new EventLoopThread();
        using var activity = new Activity("request").Start();
        CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("fr-FR");
        s_local.Value = "caller's";
        async Coroutine<string> LookAsync()
        {
            var before = Describe();
            await Coroutine.Yield();
            var after = Describe();
            s_local.Value = "the call's";
            return before == after ? after : $"{before}, then {after}";
        }

        Assert.Equal("caller's, request, fr-FR", await thread.RunAsync(LookAsync));
        Assert.Equal("caller's, request, fr-FR", await thread.Loop.RunAsync(LookAsync));
        Assert.Equal("caller's", s_local.Value);
        s_local.Value = "another's";
        Assert.Equal("another's", await thread.RunAsync(async () => s_local.Value));

        static string Describe() => $"{s_local.Value}, {Activity.Current?.OperationName}, {CultureInfo.CurrentCulture}";
    }

    [Fact]
    public async Task Where_the_flow_is_suppressed_calls_and_callbacks_are_in_the_loops_own_context()
    {
        s_local.Value = "maker's";
        await using var thread = new EventLoopThread();
        s_local.Value = "caller's";
        Task<string> call;
        var posted = new TaskCompletionSource<string?>(TaskCreationOptions.RunContinuationsAsynchronously);
        using (ExecutionContext.SuppressFlow())
        {
            call = thread.RunAsync(async () => s_local.Value!);
            thread.Loop.Post(() => posted.SetResult(s_local.Value));
        }

        Assert.Equal(("maker's", "maker's"), (await call, await posted.Task));
    }

    [Fact]
    public async Task A_callback_is_in_the_context_of_who_posts_it_and_leaves_nothing_to_the_next()
    {
        await using var thread = new EventLoopThread();
        var seen = new List<string?>();
        for (var i = 0; i < 3; i++)
        {
            s_local.Value = $"poster's {i}";
            thread.Loop.Post(Look);
            using (ExecutionContext.SuppressFlow())
            {
                thread.Loop.Post(Look);
            }
        }

        await thread.RunAsync(static () => Coroutine.Completed);
        Assert.Equal(["poster's 0", null, "poster's 1", null, "poster's 2", null], seen);

        void Look()
        {
            seen.Add(s_local.Value);
            s_local.Value = "the callback's";
        }
    }

    [Fact]
    public void On_the_loops_own_thread_a_callback_is_in_the_context_of_who_posts_it() => EventLoop.Run(async () =>
    {
        var seen = new CoroutineSource<string>();
        s_local.Value = "poster's";
        EventLoop.Current.Post(static seen => seen.SetResult(s_local.Value!), seen);
        s_local.Value = "later";
        Assert.Equal("poster's", await seen);
        Assert.Equal("later", s_local.Value);
    });

    [Fact]
    public void A_tasks_callback_is_in_the_context_of_who_registers_it() => EventLoop.Run(async () =>
    {
        var seen = new List<string?>();
        var task = LoopTask.Start(async () =>
        {
            s_local.Value = "the task's";
            await Coroutine.Yield();
        });
        s_local.Value = "registrant's";
        task.OnCompleted(Look);
        s_local.Value = "second's";
        task.OnCompleted(Look);
        await task;
        s_local.Value = "latecomer's";
        task.OnCompleted(Look);
        await Coroutine.Yield();
        Assert.Equal(["registrant's", "second's", "latecomer's"], seen);

        void Look(LoopTask _)
        {
            seen.Add(s_local.Value);
            s_local.Value = "the callback's";
        }
    });

    [Fact]
    public void A_started_task_has_a_copy_of_its_starters_context() => EventLoop.Run(async () =>
    {
        s_local.Value = "starter's";
        var task = LoopTask.Start(async () =>
        {
            var seen = s_local.Value;
            s_local.Value = "the task's";
            await Coroutine.Yield();
            return $"{seen}, {s_local.Value}";
        });
        s_local.Value = "later";
        Assert.Equal("starter's, the task's", await task);
        Assert.Equal("later", s_local.Value);
    });

    [Fact]
    public void A_signals_handler_is_in_the_context_of_who_registers_it()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The system does not know it.");
        EventLoop.Run(async () =>
        {
            var seen = new CoroutineSource<string?>();
            s_local.Value = "registrant's";
            using var registration = EventLoop.Current.OnSignal(OwnSignal.Harmless, _ => seen.SetResult(s_local.Value));
            s_local.Value = "later";
            OwnSignal.Send();
            Assert.Equal("registrant's", await seen);
        });
    }

    [Fact]
    public void A_report_is_told_in_the_context_of_who_runs_the_loop_and_what_the_handler_writes_stays_in_it()
    {
        var seen = new List<string?>();
        s_local.Value = "caller's";
        EventLoop.Run(
            async () =>
            {
                s_local.Value = "main's";
                await CancelScope.RunAsync(async scope =>
                {
                    scope.Cancel();

                    // Told within this task's step.
                    for (var i = 0; i < 100; i++)
                    {
                        await ThrowsAsync<ScopeCanceledException>(() => Coroutine.Delay(Second));
                    }
                });
                Assert.Equal("main's", s_local.Value);
                EventLoop.Current.Post(static () => throw new FormatException());
                await Coroutine.Yield();
                await Coroutine.Yield();
            },
            new()
            {
                OnReport = _ =>
                {
                    seen.Add(s_local.Value);
                    s_local.Value = "the handler's";
                },
            });
        Assert.Equal(["caller's", "caller's"], seen);
    }

    [Fact]
    public void What_foreign_code_posts_is_in_the_context_of_who_posts_it() => EventLoop.Run(async () =>
    {
        var seen = new CoroutineSource<string?>();
        s_local.Value = "poster's";
        SynchronizationContext.Current!.Post(static seen => ((CoroutineSource<string?>)seen!).SetResult(s_local.Value), seen);
        s_local.Value = "later";
        Assert.Equal("poster's", await seen);
    });

    [Theory]
    [InlineData("task")]
    [InlineData("coroutine")]
    [InlineData("loop task")]
    [InlineData("yield")]
    public void An_awaiters_callback_is_in_the_context_of_who_registers_it(string of) => EventLoop.Run(async () =>
    {
        var source = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var seen = new CoroutineSource<string?>();
        var task = LoopTask.Start(YieldAsync());
        void Look() => seen.SetResult(s_local.Value);
        s_local.Value = "registrant's";
        switch (of)
        {
            case "task":
                source.Task.GetAwaiter().OnCompleted(Look);
                break;
            case "coroutine":
                WriteAsync().GetAwaiter().OnCompleted(Look);
                break;
            case "loop task":
                task.GetAwaiter().OnCompleted(Look);
                break;
            default:
                Coroutine.Yield().GetAwaiter().OnCompleted(Look);
                break;
        }

        s_local.Value = "later";
        source.SetResult();
        Assert.Equal("registrant's", await seen);

        static async Coroutine WriteAsync()
        {
            await Coroutine.Yield();
            s_local.Value = "the coroutine's";
            await Coroutine.Yield();
        }
    });

    [Fact]
    public async Task Foreign_code_that_outlives_its_loop_keeps_its_context()
    {
        var seen = new TaskCompletionSource<string?>(TaskCreationOptions.RunContinuationsAsynchronously);
        SynchronizationContext? context = null;
        EventLoop.Run(async () => context = SynchronizationContext.Current);
        s_local.Value = "poster's";
        context!.Post(_ => seen.SetResult(s_local.Value), null);
        s_local.Value = "later";
        Assert.Equal("poster's", await seen.Task);
    }

    [Fact]
    public void A_scopes_token_calls_back_in_the_context_of_who_registers() => EventLoop.Run(async () =>
    {
        var seen = new CoroutineSource<string?>();
        var scope = CancelScope.Current;
        s_local.Value = "registrant's";
        scope.Token.Register(() => seen.SetResult(s_local.Value));
        s_local.Value = "canceller's";
        scope.Cancel();
        await ThrowsAsync<ScopeCanceledException>(YieldAsync);
        await CancelScope.ShieldAsync(async () => Assert.Equal("registrant's", await seen));
    });

    private static async Coroutine YieldAsync() => await Coroutine.Yield();
}
