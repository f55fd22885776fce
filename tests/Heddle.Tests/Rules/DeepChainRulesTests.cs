using Heddle.Testing;

namespace Heddle.Tests.Rules;

/// <summary>Design rule 3: chains of coroutines, however deep, take no stack.</summary>
public class DeepChainRulesTests
{
    [Theory]
    [InlineData(1 << 18)]
    [Trait("rule", "3")]
    [Trait("pitfall", "29")]
    public void A_chain_of_a_hundred_thousand_coroutines_completes_in_a_small_stack(int stack) => InStackOf(stack, () =>
    {
        static async Coroutine<int> DeepAsync(int depth) => depth == 0 ? 0 : 1 + await DeepAsync(depth - 1);
        static async Coroutine<int> DeepSleepAsync(int depth)
        {
            if (depth > 0)
            {
                return 1 + await DeepSleepAsync(depth - 1);
            }

            await Coroutine.Yield();
            return 0;
        }

        Assert.Equal(100_000, EventLoop.Run(DeepAsync(100_000)));
        Assert.Equal(100_000, EventLoop.Run(DeepSleepAsync(100_000)));
    });

    [Fact]
    [Trait("rule", "3")]
    [Trait("pitfall", "29")]
    public void A_chain_of_ten_thousand_coroutines_fails_and_cancels_in_a_small_stack() => InStackOf(1 << 20, () =>
    {
        static async Coroutine DeepAsync(int depth, Func<Coroutine> atTheEnd)
        {
            if (depth == 0)
            {
                await atTheEnd();
            }
            else
            {
                await DeepAsync(depth - 1, atTheEnd);
            }
        }

        var failure = Assert.Throws<InvalidTimeZoneException>(() => EventLoop.Run(
            DeepAsync(10_000, () => Coroutine.FromException(new InvalidTimeZoneException("deep")))));
        Assert.Equal("deep", failure.Message);
        VirtualTime.Run(async () => Assert.False(await CancelScope.MoveOnAfterAsync(
            TimeSpan.FromSeconds(1), _ => DeepAsync(10_000, () => Coroutine.Delay(Timeout.InfiniteTimeSpan)))));
    });

    [Fact]
    [Trait("rule", "3")]
    [Trait("pitfall", "29")]
    public void The_trace_of_a_deep_failure_has_both_ends_and_not_all_between() => InStackOf(1 << 20, () =>
    {
        static async Coroutine InnermostAsync(Func<Coroutine> fail) => await fail();
        static async Coroutine DescendAsync(int depth, Func<Coroutine> fail)
            => await (depth == 0 ? InnermostAsync(fail) : DescendAsync(depth - 1, fail));
        static async Coroutine OutermostAsync(Func<Coroutine> fail) => await DescendAsync(5_000, fail);

        var traces = new List<string>();
        foreach (var fail in new Func<Coroutine>[] { () => throw new InvalidDataException("first"), () => throw new TimeoutException("second") })
        {
            traces.Add(Assert.ThrowsAny<Exception>(() => EventLoop.Run(OutermostAsync(fail))).StackTrace!);
        }

        foreach (var trace in traces)
        {
            Assert.Contains("InnermostAsync", trace.Split('\n').Take(10).Aggregate((all, line) => all + line));
            Assert.Contains("OutermostAsync", trace);
            Assert.InRange(trace.Split('\n').Count(line => line.Contains("DescendAsync", StringComparison.Ordinal)), 256, 512);
        }
    });

    private static void InStackOf(int bytes, Action action)
    {
        Exception? failure = null;
        var thread = new Thread(
            () =>
            {
                try
                {
                    action();
                }
                catch (Exception e)
                {
                    failure = e;
                }
            },
            bytes);
        thread.Start();
        thread.Join();
        Assert.Null(failure);
    }
}
