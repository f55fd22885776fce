using Heddle.Testing;
using static Heddle.Tests.Expect;

namespace Heddle.Tests.Scheduling;

public class CompletionCallbackTests
{
    [Fact]
    public void Callbacks_run_between_steps_in_the_order_of_their_registration() => VirtualTime.Run(async () =>
    {
        var log = new List<string>();
        var task = LoopTask.Start(async () =>
        {
            await Coroutine.Yield();
            log.Add("ends");
        });
        task.OnCompleted(_ => log.Add("first"));
        task.OnCompleted(ended => log.Add($"second, {ended == task}, in a task: {LoopTask.Current is not null}"));
        await Coroutine.Delay(Second);
        Assert.Equal(["ends", "first", "second, True, in a task: False"], log);
    });

    [Fact]
    public void A_callback_for_an_ended_task_runs_at_the_next_turn() => VirtualTime.Run(async () =>
    {
        var task = LoopTask.Start(Coroutine.Completed);
        await task;
        var called = false;
        task.OnCompleted(_ => called = true);
        Assert.False(called);
        await Coroutine.Yield();
        Assert.True(called);
    });

    [Fact]
    [Trait("rule", "17")]
    [Trait("pitfall", "31")]
    public void What_a_callback_throws_reaches_the_handler_and_no_task()
    {
        var reports = new List<LoopReport>();
        VirtualTime.Run(
            async () =>
            {
                var later = false;
                var task = LoopTask.Start(Coroutine.Delay(Second), "watched");
                task.OnCompleted(_ => throw new FormatException("callback"));
                task.OnCompleted(_ => later = true);
                await task;
                await Coroutine.Yield();
                Assert.True(later);
            },
            new() { OnReport = reports.Add });
        var report = Assert.Single(reports);
        Assert.Equal(LoopReportKind.CallbackFailed, report.Kind);
        Assert.Equal("watched", report.TaskName);
        Assert.Equal("callback", report.Exception!.Message);
    }

    [Fact]
    public void Callbacks_are_called_for_cancelled_and_failed_tasks_too() => VirtualTime.Run(async () =>
    {
        var ends = new List<string>();
        var cancelled = LoopTask.Start(Coroutine.Delay(Hour));
        var failed = LoopTask.Start(Coroutine.FromException(new FormatException()));
        cancelled.OnCompleted(task => ends.Add($"cancelled: {task.IsCanceled}"));
        failed.OnCompleted(task => ends.Add($"failed: {task.Exception!.GetType().Name}"));
        cancelled.Cancel();
        await Coroutine.Delay(Second);
        Assert.Equal(["cancelled: True", "failed: FormatException"], ends.Order());
    });

    [Fact]
    public void A_callback_that_was_taken_back_is_not_called_and_the_others_are() => VirtualTime.Run(async () =>
    {
        var log = new List<string>();
        var task = LoopTask.Start(Coroutine.Delay(Second));
        var registrations = new List<CompletionRegistration>();
        foreach (var name in new[] { "first", "middle", "last", "stays" })
        {
            registrations.Add(task.OnCompleted(_ => log.Add(name)));
        }

        registrations[1].Dispose();
        registrations[0].Dispose();
        registrations[0].Dispose();
        registrations[2].Dispose();
        task.OnCompleted(_ => log.Add("later"));
        await Coroutine.Delay(Second * 2);
        Assert.Equal(["stays", "later"], log);
        registrations[3].Dispose();
        default(CompletionRegistration).Dispose();
    });

    [Fact]
    public void A_callback_can_be_taken_back_until_it_runs() => VirtualTime.Run(async () =>
    {
        var calls = 0;
        CompletionRegistration second = default;
        var task = LoopTask.Start(Coroutine.Delay(Second));
        task.OnCompleted(_ => second.Dispose());
        second = task.OnCompleted(_ => calls++);
        await task;
        using (task.OnCompleted(_ => calls++))
        {
        }

        await Coroutine.Delay(Second);
        Assert.Equal(0, calls);
    });

    [Fact]
    public void What_a_callback_that_was_taken_back_referred_to_can_be_collected() => VirtualTime.Run(async () =>
    {
        var task = LoopTask.Start(Coroutine.Delay(Hour));
        var seen = Enumerable.Range(0, 100).Select(_ => Watch(task)).ToList();
        GC.Collect();
        Assert.DoesNotContain(seen, payload => payload.IsAlive);
        task.Cancel();

        static WeakReference Watch(LoopTask task)
        {
            var payload = new object();
            task.OnCompleted(_ => GC.KeepAlive(payload)).Dispose();
            return new WeakReference(payload);
        }
    });

    [Fact]
    public void A_task_keeps_nothing_of_where_a_callback_was_registered_that_was_taken_back() => VirtualTime.Run(async () =>
    {
        var task = LoopTask.Start(Coroutine.Delay(Hour));
        var ambient = new AsyncLocal<object?>();
        var seen = Enumerable.Range(0, 100).Select(_ => Watch(task, ambient)).ToList();
        GC.Collect();
        Assert.DoesNotContain(seen, value => value.IsAlive);
        task.Cancel();

        static WeakReference Watch(LoopTask task, AsyncLocal<object?> ambient)
        {
            var value = new object();
            ambient.Value = value;
            task.OnCompleted(static _ => { }).Dispose();
            ambient.Value = null;
            return new WeakReference(value);
        }
    });
}
