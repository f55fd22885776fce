using System.Threading.Channels;
using Heddle.Testing;

namespace Heddle.Tests.Scheduling;

/// <summary>
/// What ends on the loop's own thread wakes a coroutine there. A strict run says so: one in which the loop has nothing to do while
/// something foreign is awaited fails, and by way of another thread nothing comes without such a moment.
/// </summary>
public class ForeignArrivalTests
{
    private static void Run(Func<Coroutine> body)
        => VirtualTime.Run(
            async () =>
            {
                // By way of the pool one may come in time, and not all of them.
                for (var i = 0; i < 100; i++)
                {
                    await body();
                }
            },
            new() { Strict = true, IdleGrace = TimeSpan.Zero });

    [Fact]
    public void An_async_Task_method_that_the_loop_runs() => Run(async () =>
    {
        static async Task<int> ValueAsync()
        {
            await Coroutine.Yield();
            return 1;
        }

        Assert.Equal(1, await ValueAsync());
    });

    [Fact]
    public void An_async_iterator_that_the_loop_runs() => Run(async () =>
    {
        static async IAsyncEnumerable<int> ValuesAsync()
        {
            await Coroutine.Yield();
            yield return 1;
            await Coroutine.Yield();
            yield return 2;
        }

        var sum = 0;
        await foreach (var value in ValuesAsync())
        {
            sum += value;
        }

        Assert.Equal(3, sum);
    });

    [Fact]
    public void A_coroutine_seen_as_a_Task_or_a_ValueTask() => Run(async () =>
    {
        static async Coroutine<int> ValueAsync()
        {
            await Coroutine.Yield();
            return 1;
        }

        Coroutine untyped = ValueAsync();
        Assert.Equal(1, await ValueAsync().AsTask());
        Assert.Equal(1, await ValueAsync().AsValueTask());
        await untyped.AsValueTask();
    });

    [Theory]
    [InlineData(TaskCreationOptions.None)]
    [InlineData(TaskCreationOptions.RunContinuationsAsynchronously)]
    public void A_Task_that_another_coroutine_completes(TaskCreationOptions options) => Run(async () =>
    {
        var source = new TaskCompletionSource<int>(options);
        var bare = LoopTask.Start(async () => await source.Task);
        var abandonable = LoopTask.Start(async () => await source.Task.OrCanceled());
        await Coroutine.Yield();
        source.SetResult(1);
        Assert.Equal(2, await bare + await abandonable);
    });

    [Fact]
    public void A_channel_that_another_coroutine_writes_to() => Run(async () =>
    {
        var channel = Channel.CreateUnbounded<int>();
        var reading = LoopTask.Start(async () => await channel.Reader.ReadAsync(CancelScope.Current.Token));
        await Coroutine.Yield();
        Assert.True(channel.Writer.TryWrite(1));
        Assert.Equal(1, await reading);
    });

    [Fact]
    public void A_delay_whose_token_a_scope_cancels() => Run(async () =>
    {
        // Real, but endless: only the cancellation ends it.
        var delay = LoopTask.Start(async () => await Task.Delay(Timeout.Infinite, CancelScope.Current.Token));
        await Coroutine.Yield();
        delay.Cancel();
        await LoopTask.WhenAny(delay);
        Assert.True(delay.IsCanceled);
    });
}
