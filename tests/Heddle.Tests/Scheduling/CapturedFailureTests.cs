using System.Diagnostics;
using Heddle.Testing;
using static Heddle.Tests.Expect;

namespace Heddle.Tests.Scheduling;

/// <summary>A failure is captured when it happens: however often it is looked at, each look throws that.</summary>
public class CapturedFailureTests
{
    /// <summary>How a failure is looked at.</summary>
    public enum Look
    {
        Task,
        Result,
        Outcome,
        OutcomeOfValue,
        Source,
        TaskInForeignCode,
        SourceInForeignCode,
    }

    [Theory]
    [Trait("rule", "17")]
    [InlineData(Look.Task)]
    [InlineData(Look.Result)]
    [InlineData(Look.Outcome)]
    [InlineData(Look.OutcomeOfValue)]
    [InlineData(Look.Source)]
    [InlineData(Look.TaskInForeignCode)]
    [InlineData(Look.SourceInForeignCode)]
    public void The_trace_is_as_long_at_the_four_hundredth_look_as_at_the_first(Look look) => VirtualTime.Run(async () =>
    {
        // Two by turns, so that no look is at the same failure as the last.
        var looks = new[] { await PrepareAsync(look), await PrepareAsync(look) };
        var lengths = new List<int>();
        for (var i = 0; i < 400; i++)
        {
            foreach (var atIt in looks)
            {
                lengths.Add(new StackTrace(await ThrowsAsync<FormatException>(atIt)).FrameCount);
            }
        }

        Assert.All(lengths, length => Assert.Equal(lengths[0], length));
    });

    [Fact]
    [Trait("rule", "17")]
    public void Who_awaits_a_failed_source_finds_nobody_elses_frames_in_the_trace() => VirtualTime.Run(async () =>
    {
        var source = new CoroutineSource<int>();
        async Coroutine<Exception> FirstAsync() => await ThrowsAsync<FormatException>(async () => await source);
        async Coroutine<Exception> SecondAsync() => await ThrowsAsync<FormatException>(async () => await source);
        var first = LoopTask.Start(FirstAsync());
        var second = LoopTask.Start(SecondAsync());
        await Coroutine.Yield();
        source.SetException(new FormatException());
        await first;
        Assert.DoesNotContain("FirstAsync", (await second).StackTrace, StringComparison.Ordinal);
    });

    [Fact]
    [Trait("rule", "17")]
    public void What_was_chosen_to_be_thrown_has_the_trace_of_its_own_task_only() => VirtualTime.Run(async () =>
    {
        static async Coroutine OtherAsync(LoopTask task) => await task;
        var shared = LoopTask.Start(FailAfterAsync(Second, new FormatException()));
        var failure = await ThrowsAsync<FormatException>(() => Coroutine.WhenAll(ThrownAsync(shared), OtherAsync(shared)));
        Assert.Contains("ThrownAsync", failure.StackTrace, StringComparison.Ordinal);
        Assert.DoesNotContain("OtherAsync", failure.StackTrace, StringComparison.Ordinal);

        static async Coroutine ThrownAsync(LoopTask task) => await task;
    });

    [Theory]
    [Trait("rule", "3")]
    [InlineData(1_000)]
    [InlineData(4_000)]
    public void Other_failures_on_the_way_out_of_a_deep_chain_do_not_let_its_trace_grow(int depth)
    {
        static async Coroutine DescendAsync(int depth)
        {
            try
            {
                if (depth == 0)
                {
                    throw new FormatException();
                }

                await DescendAsync(depth - 1);
            }
            finally
            {
                await ThrowsAsync<TimeoutException>(() => Coroutine.FromException(new TimeoutException()));
            }
        }

        var failure = Assert.Throws<FormatException>(() => EventLoop.Run(DescendAsync(depth)));
        // Up to ten frames a level, with those that a trace does not print.
        Assert.InRange(new StackTrace(failure).FrameCount, 256, 512 * 10);
    }

    [Theory]
    [Trait("rule", "3")]
    [InlineData(1_000)]
    [InlineData(4_000)]
    public void A_failure_that_passes_through_a_long_chain_of_tasks_keeps_a_bounded_trace(int length)
    {
        static async Coroutine AwaitAsync(LoopTask before) => await before;
        var failure = Assert.Throws<FormatException>(() => EventLoop.Run(async () =>
        {
            var last = LoopTask.Start(Coroutine.FromException(new FormatException()));
            for (var i = 0; i < length; i++)
            {
                last = LoopTask.Start(AwaitAsync(last));
            }

            await last;
        }));
        // Up to ten frames a level, with those that a trace does not print.
        Assert.InRange(new StackTrace(failure).FrameCount, 256, 512 * 10);
    }

    [Fact]
    [Trait("rule", "3")]
    public void One_exception_that_is_thrown_again_and_again_has_the_trace_of_the_last_throw() => EventLoop.Run(async () =>
    {
        var shared = new FormatException();
        async Coroutine FirstAsync() => throw shared;
        async Coroutine SecondAsync() => throw shared;
        for (var i = 0; i < 1_000; i++)
        {
            await ThrowsAsync<FormatException>(FirstAsync);
        }

        for (var i = 0; i < 600; i++)
        {
            var trace = (await ThrowsAsync<FormatException>(SecondAsync)).StackTrace!;
            Assert.DoesNotContain("FirstAsync", trace, StringComparison.Ordinal);
        }
    });

    private static async Coroutine<Func<Coroutine>> PrepareAsync(Look look)
    {
        static async Coroutine<int> FailAsync()
        {
            await Coroutine.Yield();
            throw new FormatException();
        }

        static async Coroutine FailWithoutValueAsync() => await FailAsync();
        var task = LoopTask.Start(FailAsync());
        var source = new CoroutineSource<int>();
        source.SetException(new FormatException());
        await LoopTask.WhenAny(task);
        _ = task.Exception;
        switch (look)
        {
            case Look.Task:
                return async () => await task;
            case Look.Result:
                return async () => _ = task.Result;
            case Look.Outcome:
                var outcome = Assert.Single(await Coroutine.WhenAllSettled(FailWithoutValueAsync()));
                return async () => outcome.ThrowIfNotSuccess();
            case Look.OutcomeOfValue:
                var outcomeOfValue = Assert.Single(await Coroutine.WhenAllSettled(FailAsync()));
                return async () => _ = outcomeOfValue.Value;
            case Look.Source:
                return async () => await source;
            case Look.TaskInForeignCode:
                async Task AwaitTaskAsync() => await task;
                return async () => await AwaitTaskAsync();
            default:
                async Task AwaitSourceAsync() => await source;
                return async () => await AwaitSourceAsync();
        }
    }
}
