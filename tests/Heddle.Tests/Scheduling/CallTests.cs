namespace Heddle.Tests.Scheduling;

/// <summary>Calls of coroutines, whatever the depth at which they end, wait or fail, and wherever they were made.</summary>
public class CallTests
{
    private static readonly AsyncLocal<int> s_level = new();

    public static TheoryData<int> Depths => [.. Enumerable.Range(1, 40)];

    [Theory]
    [MemberData(nameof(Depths))]
    public void Each_caller_goes_on_with_its_own_value_and_context_after_a_chain_of_calls(int depth)
    {
        Assert.Equal(Sum(depth), EventLoop.Run(LevelAsync(depth, async () => { })));
        Assert.Equal(Sum(depth), EventLoop.Run(LevelAsync(depth, async () => await Coroutine.Yield())));
        Assert.Equal(Sum(depth), EventLoop.Run(LevelAsync(depth, () => Coroutine.Delay(TimeSpan.FromTicks(1)))));
        Assert.Equal(Sum(depth), EventLoop.Run(LevelAsync(depth, async () => await Task.Yield())));
        Assert.Equal(Sum(depth), EventLoop.Run(LevelAsync(depth, async () => await LoopTask.Start(Coroutine.Completed))));
    }

    [Theory]
    [MemberData(nameof(Depths))]
    public void A_failure_at_the_end_of_a_chain_is_caught_by_each_caller(int depth)
    {
        async Coroutine<int> LevelAsync(int level)
        {
            if (level == 0)
            {
                throw new InvalidTimeZoneException("0");
            }

            try
            {
                return await LevelAsync(level - 1);
            }
            catch (InvalidTimeZoneException failure)
            {
                Assert.Equal($"{level - 1}", failure.Message);
                throw new InvalidTimeZoneException($"{level}");
            }
        }

        var last = Assert.Throws<InvalidTimeZoneException>(() => EventLoop.Run(LevelAsync(depth)));
        Assert.Equal($"{depth}", last.Message);
    }

    [Fact]
    public void Others_have_their_turn_while_a_chain_of_calls_that_end_at_once_goes_on_without_end()
    {
        static async Coroutine<int> OneAsync() => 1;
        static async Coroutine<int> CallAsync() => await OneAsync();
        EventLoop.Run(async () =>
        {
            var hasRun = false;
            var other = LoopTask.Start(async () => hasRun = true);
            while (!hasRun)
            {
                await CallAsync();
            }

            await other;
        });
    }

    [Fact]
    public async Task Coroutines_that_were_made_on_another_thread_are_awaited_and_started_on_the_loop()
    {
        static async Coroutine<int> ValueAsync(int value) => value;
        const int Count = 2000;
        await using var thread = new EventLoopThread();
        for (var round = 0; round < 3; round++)
        {
            var made = Enumerable.Range(0, Count).Select(ValueAsync).ToArray();
            var running = thread.RunAsync(async () =>
            {
                var values = new List<int>();
                for (var i = 0; i < Count; i++)
                {
                    values.Add(i % 2 == 0 ? await made[i] : await LoopTask.Start(made[i]));
                    values.Add(await ValueAsync(i));
                }

                return values;
            });

            // Meanwhile this thread calls the same, whose frames must be no frame of the loop's.
            Assert.Equal(Sum(Count), await Task.Run(() => EventLoop.Run(SumAsync)));
            Assert.Equal(Enumerable.Range(0, Count).SelectMany(i => new[] { i, i }), await running);
        }

        static async Coroutine<int> SumAsync()
        {
            var sum = 0;
            for (var i = 1; i <= Count; i++)
            {
                sum += await ValueAsync(i);
            }

            return sum;
        }
    }

    private static int Sum(int count) => count * (count + 1) / 2;

    private static async Coroutine<int> LevelAsync(int depth, Func<Coroutine> atTheEnd)
    {
        s_level.Value = depth;
        var below = 0;
        if (depth == 0)
        {
            await atTheEnd();
        }
        else
        {
            below = await LevelAsync(depth - 1, atTheEnd);
        }

        Assert.Equal(depth, s_level.Value);
        return below + depth;
    }
}
