using System.Runtime.CompilerServices;
using Heddle.Testing;

namespace Heddle.Tests.Scheduling;

/// <summary>An awaiter that throws from OnCompleted leaves a stack that nobody can resume: what it held must not be left behind.</summary>
public class GivenUpStackTests
{
    [Fact]
    [Trait("rule", "15")]
    public void The_tasks_of_its_groups_are_cancelled_and_awaited_before_the_task_fails() => VirtualTime.Run(async () =>
    {
        var log = new List<string>();
        async Coroutine ChildAsync()
        {
            try
            {
                await Coroutine.Delay(Timeout.InfiniteTimeSpan);
            }
            finally
            {
                await CancelScope.ShieldAsync(() => Coroutine.Delay(TimeSpan.FromSeconds(1)));
                log.Add("child ended");
            }
        }

        var task = LoopTask.Start(() => TaskGroup.RunAsync(async group =>
        {
            _ = group.Start(ChildAsync);
            await Coroutine.Yield();
            await new BrokenAwaitable();
        }));
        task.OnCompleted(_ => log.Add("task ended"));
        await LoopTask.WhenAny(task);
        await Coroutine.Yield();

        Assert.IsType<InvalidTimeZoneException>(task.Exception!.InnerException);
        Assert.Equal(["child ended", "task ended"], log);
        _ = Assert.Single(EventLoop.Current.Tasks);
    });

    [Fact]
    [Trait("rule", "17")]
    public void A_failure_of_such_a_group_is_reported()
    {
        var reports = new List<LoopReport>();
        VirtualTime.Run(
            async Coroutine () =>
            {
                var task = LoopTask.Start(() => TaskGroup.RunAsync(async group =>
                {
                    _ = group.Start(FailAsync, "unlucky");
                    await new BrokenAwaitable();
                }));
                await LoopTask.WhenAny(task);
                Assert.IsType<InvalidTimeZoneException>(task.Exception!.InnerException);
            },
            new VirtualTimeOptions { OnReport = reports.Add });
        Assert.Equal("unlucky", Assert.Single(reports).TaskName);

        static async Coroutine FailAsync()
        {
            try
            {
                await Coroutine.Delay(Timeout.InfiniteTimeSpan);
            }
            catch (ScopeCanceledException)
            {
                throw new InvalidCastException();
            }
        }
    }

    [Fact]
    [Trait("pitfall", "31")]
    public void A_call_that_comes_after_all_resumes_nothing() => VirtualTime.Run(async () =>
    {
        var broken = new BrokenAwaitable();
        var task = LoopTask.Start(async () => await broken);
        await LoopTask.WhenAny(task);
        broken.CallBack();
        await Coroutine.Yield();
        await Coroutine.Yield();
        Assert.True(task.IsFaulted);
        Assert.IsType<InvalidTimeZoneException>(task.Exception!.InnerException);
    });

    [Fact]
    [Trait("pitfall", "31")]
    public void An_awaiter_that_calls_back_and_throws_is_reported_and_the_task_goes_on()
    {
        var reports = new List<LoopReport>();
        VirtualTime.Run(
            async () => await new BrokenAwaitable { CallsBackFirst = true },
            new VirtualTimeOptions { OnReport = reports.Add });
        Assert.Equal(LoopReportKind.CallbackFailed, Assert.Single(reports).Kind);
    }

    [Fact]
    [Trait("pitfall", "31")]
    public void Foreign_code_that_awaits_such_a_coroutine_gets_the_failure() => VirtualTime.Run(async () =>
    {
        async Coroutine BodyAsync() => await new BrokenAwaitable();
        async Task ForeignAsync() => await BodyAsync();

        var failure = await Assert.ThrowsAsync<InvalidOperationException>(ForeignAsync);
        Assert.IsType<InvalidTimeZoneException>(failure.InnerException);
    });

    private sealed class BrokenAwaitable : INotifyCompletion
    {
        private Action? _continuation;

        public bool CallsBackFirst { get; init; }

        public bool IsCompleted => false;

        public BrokenAwaitable GetAwaiter() => this;

        public void GetResult()
        {
        }

        public void OnCompleted(Action continuation)
        {
            _continuation = continuation;
            if (CallsBackFirst)
            {
                continuation();
            }

            throw new InvalidTimeZoneException();
        }

        internal void CallBack() => _continuation!();
    }
}
