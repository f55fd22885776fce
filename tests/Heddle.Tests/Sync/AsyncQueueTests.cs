using Heddle.Testing;
using static Heddle.Tests.Expect;

namespace Heddle.Tests.Sync;

/// <summary>What the three queues have in common, and the order of each.</summary>
public class AsyncQueueTests
{
    private static readonly Dictionary<string, Func<int, AsyncQueue<int>>> s_kinds = new()
    {
        ["AsyncQueue"] = capacity => new AsyncQueue<int>(capacity),
        ["AsyncLifoQueue"] = capacity => new AsyncLifoQueue<int>(capacity),
        ["AsyncPriorityQueue"] = capacity => new AsyncPriorityQueue<int>(capacity),
    };

    public static TheoryData<string> Kinds => [.. s_kinds.Keys];

    [Theory]
    [InlineData("AsyncQueue", new[] { 2, 3, 1, 2 })]
    [InlineData("AsyncLifoQueue", new[] { 2, 1, 3, 2 })]
    [InlineData("AsyncPriorityQueue", new[] { 1, 2, 2, 3 })]
    public void Each_has_its_own_order(string kind, int[] order) => Run(kind, 4, async queue =>
    {
        foreach (var item in new[] { 2, 3, 1, 2 })
        {
            await queue.PutAsync(item);
        }

        Assert.True(queue.IsFull);
        var got = new List<int>();
        while (!queue.IsEmpty)
        {
            got.Add(await queue.GetAsync());
        }

        Assert.Equal(order, got);
    });

    [Fact]
    public void Of_equal_items_the_first_comes_out_first() => VirtualTime.Run(async () =>
    {
        var queue = new AsyncPriorityQueue<(int Priority, string Name)>(comparer: Comparer<(int Priority, string Name)>.Create((a, b) => a.Priority.CompareTo(b.Priority)));
        foreach (var item in new[] { (1, "a"), (0, "b"), (1, "c"), (0, "d"), (1, "e") })
        {
            Assert.True(queue.TryPut(item));
        }

        var names = new List<string>();
        while (queue.TryGet(out var item))
        {
            names.Add(item.Name);
        }

        Assert.Equal(["b", "d", "a", "c", "e"], names);
        await Coroutine.Yield();
    });

    [Fact]
    public void A_put_whose_comparison_throws_fails_alone_and_the_room_goes_to_the_next() => VirtualTime.Run(async () =>
    {
        var queue = new AsyncPriorityQueue<int>(2, Moody.Of(13));
        await queue.PutAsync(1);
        await queue.PutAsync(2);
        var bad = LoopTask.Start(queue.PutAsync(13), "bad");
        var worse = LoopTask.Start(queue.PutAsync(13), "worse");
        var good = LoopTask.Start(queue.PutAsync(3), "good");
        var late = LoopTask.Start(queue.PutAsync(0), "late");
        await Expect.SettleAsync();
        Assert.Equal(1, await queue.GetAsync());
        await good;
        await ThrowsAsync<InvalidTimeZoneException>(async () => await bad);
        await ThrowsAsync<InvalidTimeZoneException>(async () => await worse);
        Assert.Equal(new QueueStatistics { Count = 2, Capacity = 2, WaitingPutters = 1, UnfinishedItems = 3 }, queue.Statistics);
        int[] got = [await queue.GetAsync(), await queue.GetAsync(), await queue.GetAsync()];
        Assert.Equal([2, 0, 3], got);
        await late;
    });

    [Fact]
    public void A_comparer_that_throws_in_a_put_or_a_get_leaves_the_queue_as_it_was() => VirtualTime.Run(async () =>
    {
        var random = new Random(7);
        var throwsNow = false;
        var queue = new AsyncPriorityQueue<int>(100, Comparer<int>.Create((a, b) =>
            throwsNow && random.Next(3) == 0 ? throw new InvalidTimeZoneException() : a - b));
        await queue.PutAsync(50);
        var inside = new List<int> { 50 };
        for (var i = 0; i < 2000; i++)
        {
            var item = random.Next(100);
            throwsNow = random.Next(2) == 0;
            try
            {
                if (inside.Count < 100 && random.Next(5) < 3)
                {
                    await queue.PutAsync(item);
                    inside.Add(item);
                }
                else if (inside.Count > 0)
                {
                    var least = await queue.GetAsync();
                    Assert.Equal(inside.Min(), least);
                    inside.Remove(least);
                }
            }
            catch (InvalidTimeZoneException)
            {
                // Neither put nor taken.
            }

            Assert.Equal(inside.Count, queue.Count);
        }

        throwsNow = false;
        foreach (var item in inside.Order())
        {
            Assert.Equal(item, await queue.GetAsync());
        }
    });

    [Fact]
    public void An_immediate_shutdown_compares_nothing() => VirtualTime.Run(async () =>
    {
        var throwsNow = false;
        var queue = new AsyncPriorityQueue<int>(5, Comparer<int>.Create((a, b) => throwsNow ? throw new InvalidTimeZoneException() : a - b));
        for (var i = 0; i < 5; i++)
        {
            Assert.True(queue.TryPut(i));
        }

        var join = LoopTask.Start(queue.JoinAsync());
        var put = LoopTask.Start(queue.PutAsync(9));
        await Coroutine.Yield();
        throwsNow = true;
        queue.Shutdown(immediate: true);
        await join;
        await ThrowsAsync<QueueShutdownException>(async () => await put);
        Assert.True(queue is { IsShutdown: true, IsEmpty: true, UnfinishedItems: 0 });
    });

    [Fact]
    [Trait("rule", "19")]
    public void A_comparer_that_uses_its_own_queue_is_told_so_and_the_queue_stays_whole() => VirtualTime.Run(async () =>
    {
        AsyncPriorityQueue<int> queue = null!;
        var misbehaves = false;
        queue = new(9, Comparer<int>.Create((a, b) =>
        {
            _ = misbehaves && queue.TryPut(7);
            return a - b;
        }));
        await queue.PutAsync(2);
        await queue.PutAsync(1);
        misbehaves = true;
        Assert.Contains("look at the two items only", (await ThrowsAsync<InvalidOperationException>(() => queue.PutAsync(0))).Message);
        misbehaves = false;
        await queue.PutAsync(0);
        int[] got = [await queue.GetAsync(), await queue.GetAsync(), await queue.GetAsync()];
        Assert.Equal([0, 1, 2], got);
    });

    [Fact]
    public void The_token_of_an_enumeration_is_observed_while_it_waits_and_takes_no_item() => VirtualTime.Run(async () =>
    {
        var queue = new AsyncQueue<int>();
        using var source = new CancellationTokenSource();
        var seen = new List<int>();
        var reader = LoopTask.Start(async () =>
        {
            await foreach (var item in queue.WithCancellation(source.Token))
            {
                seen.Add(item);
            }
        });
        queue.TryPut(1);
        await Coroutine.Delay(Hour);
        Assert.Equal([1], seen);
        source.Cancel();
        var cancellation = await ThrowsAsync<OperationCanceledException>(async () => await reader);
        Assert.Equal(source.Token, cancellation.CancellationToken);
        queue.TryPut(2);
        Assert.Equal(1, queue.Count);
        await ThrowsAsync<OperationCanceledException>(async () =>
        {
            await foreach (var item in queue.WithCancellation(source.Token))
            {
                seen.Add(item);
            }
        });
        Assert.Equal((1, 1), (queue.Count, seen.Count));
    });

    [Fact]
    public void An_enumeration_does_not_keep_the_last_item_while_it_waits_for_the_next() => VirtualTime.Run(async () =>
    {
        var queue = new AsyncQueue<object>();
        var items = queue.GetAsyncEnumerator();
        queue.TryPut(new object());
        Assert.True(await items.MoveNextAsync());
        Assert.NotNull(items.Current);
        var next = LoopTask.Start(items.MoveNextAsync());
        await Expect.SettleAsync();
        Assert.Null(items.Current);
        queue.Shutdown();
        Assert.False(await next);
    });

    [Fact]
    public void A_priority_queue_sorts_whatever_goes_in_and_out() => VirtualTime.Run(async () =>
    {
        var random = new Random(7);
        var queue = new AsyncPriorityQueue<int>();
        var model = new List<int>();
        for (var i = 0; i < 5000; i++)
        {
            if (model.Count == 0 || random.Next(100) < (i < 2500 ? 60 : 40))
            {
                var item = random.Next(50);
                model.Add(item);
                await queue.PutAsync(item);
            }
            else
            {
                Assert.Equal(model.Min(), await queue.GetAsync());
                model.Remove(model.Min());
            }
        }

        Assert.Equal(model.Count, queue.Count);
    });

    [Theory]
    [MemberData(nameof(Kinds))]
    [Trait("pitfall", "17")]
    public void A_put_that_is_cancelled_has_put_nothing_and_counts_nothing(string kind) => Run(kind, 1, async queue =>
    {
        await queue.PutAsync(1);
        var putters = new[] { 2, 3, 4 }.Select(item => LoopTask.Start(queue.PutAsync(item))).ToArray();
        await Coroutine.Yield();
        putters[1].Cancel();
        Assert.Equal(1, queue.UnfinishedItems);
        Assert.Equal((1, 2, 4), (await queue.GetAsync(), await queue.GetAsync(), await queue.GetAsync()));
        Assert.True(queue.IsEmpty);
        Assert.Equal(3, queue.UnfinishedItems);
    });

    [Theory]
    [MemberData(nameof(Kinds))]
    [Trait("pitfall", "17")]
    public void A_cancelled_get_loses_no_item(string kind) => Run(kind, 1, async queue =>
    {
        var getters = Enumerable.Range(0, 3).Select(_ => LoopTask.Start(queue.GetAsync())).ToArray();
        await Expect.SettleAsync();
        getters[0].Cancel();
        Assert.True(queue.TryPut(1));
        getters[1].Cancel();
        Assert.True(queue.TryPut(2));
        Assert.True(queue.TryPut(3));
        Assert.Equal((1, 2, 3), (await getters[1], await getters[2], await queue.GetAsync()));
        await LoopTask.WhenAny(getters[0]);
        Assert.True(getters[0].IsCanceled);
    });

    [Theory]
    [MemberData(nameof(Kinds))]
    public void The_join_waits_until_every_item_is_reported_as_done(string kind) => Run(kind, 2, async queue =>
    {
        Assert.True(queue.TryJoin());
        await queue.JoinAsync();
        await queue.PutAsync(1);
        var putter = LoopTask.Start(queue.PutAsync(2));
        var join = LoopTask.Start(queue.JoinAsync());
        await Expect.SettleAsync();
        await queue.GetAsync();
        await queue.GetAsync();
        queue.TaskDone();
        await Expect.SettleAsync();
        Assert.False(join.IsCompleted || queue.TryJoin());
        Assert.Equal("1 unfinished items of a queue", join.WaitsFor);
        queue.TaskDone();
        await join;
        await putter;
        Assert.Contains("more often", Assert.Throws<InvalidOperationException>(queue.TaskDone).Message);
    });

    [Theory]
    [MemberData(nameof(Kinds))]
    public void After_a_shutdown_what_is_in_it_still_comes_out(string kind) => Run(kind, 2, async queue =>
    {
        await queue.PutAsync(1);
        await queue.PutAsync(2);
        var putter = LoopTask.Start(queue.PutAsync(3));
        await Coroutine.Yield();
        queue.Shutdown();
        await ThrowsAsync<QueueShutdownException>(async () => await putter);
        await ThrowsAsync<QueueShutdownException>(() => queue.PutAsync(4));
        Assert.False(queue.TryPut(5));
        Assert.Equal(3, await queue.GetAsync() + await queue.GetAsync());
        Assert.Contains("no more items", (await ThrowsAsync<QueueShutdownException>(() => queue.GetAsync())).Message);
        Assert.False(queue.TryGet(out _));
        Assert.Equal(2, queue.UnfinishedItems);
    });

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_shutdown_wakes_those_who_wait_for_items(string kind) => Run(kind, 2, async queue =>
    {
        var getters = new[] { LoopTask.Start(queue.GetAsync()), LoopTask.Start(queue.GetAsync()) };
        await Coroutine.Yield();
        queue.Shutdown();
        foreach (var getter in getters)
        {
            await ThrowsAsync<QueueShutdownException>(async () => await getter);
        }
    });

    [Theory]
    [MemberData(nameof(Kinds))]
    [Trait("pitfall", "17")]
    public void An_immediate_shutdown_drops_the_items_and_mends_the_count_that_a_join_waits_for(string kind) => Run(kind, 2, async queue =>
    {
        await queue.PutAsync(1);
        await queue.PutAsync(2);
        await queue.GetAsync();
        await queue.PutAsync(3);
        var putter = LoopTask.Start(queue.PutAsync(4));
        var join = LoopTask.Start(queue.JoinAsync());
        await Coroutine.Yield();
        queue.Shutdown(immediate: true);
        Assert.True(queue.IsEmpty);
        Assert.Equal(1, queue.UnfinishedItems);
        await ThrowsAsync<QueueShutdownException>(async () => await putter);
        await ThrowsAsync<QueueShutdownException>(() => queue.GetAsync());
        Assert.False(join.IsCompleted);
        queue.TaskDone();
        await join;
    });

    [Theory]
    [MemberData(nameof(Kinds))]
    [Trait("pitfall", "17")]
    public void A_shutdown_can_be_made_immediate_and_ends_a_join(string kind) => Run(kind, 2, async queue =>
    {
        await queue.PutAsync(1);
        var join = LoopTask.Start(queue.JoinAsync());
        await Coroutine.Yield();
        queue.Shutdown();
        Assert.False(queue.TryJoin());
        queue.Shutdown(immediate: true);
        await join;
        queue.Shutdown(immediate: true);
        Assert.Equal(0, queue.UnfinishedItems);
    });

    [Theory]
    [MemberData(nameof(Kinds))]
    [Trait("pitfall", "17")]
    public void What_was_handed_over_in_the_turn_of_a_shutdown_is_not_lost(string kind) => Run(kind, 1, async queue =>
    {
        var getter = LoopTask.Start(queue.GetAsync());
        await Expect.SettleAsync();
        Assert.True(queue.TryPut(1));
        queue.Shutdown(immediate: true);
        Assert.Equal(1, await getter);
        Assert.Equal(1, queue.UnfinishedItems);
    });

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Await_foreach_takes_items_until_the_queue_is_shut_down(string kind) => Run(kind, 1, async queue =>
    {
        var sums = new int[2];
        var consumers = Enumerable.Range(0, 2).Select(i => LoopTask.Start(async () =>
        {
            await foreach (var item in queue)
            {
                sums[i] += item;
                await Coroutine.Delay(Second);
            }
        })).ToArray();
        for (var i = 1; i <= 10; i++)
        {
            await queue.PutAsync(i);
        }

        queue.Shutdown();
        await consumers[0];
        await consumers[1];
        Assert.Equal(55, sums.Sum());
        Assert.All(sums, sum => Assert.NotEqual(0, sum));
    });

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Foreign_code_enumerates_it_too(string kind) => Run(kind, 1, async queue =>
    {
        var consumer = SumAsync(queue);
        for (var i = 1; i <= 4; i++)
        {
            await queue.PutAsync(i);
        }

        queue.Shutdown();
        Assert.Equal(10, await consumer);

        static async Task<int> SumAsync(IAsyncEnumerable<int> items)
        {
            var sum = 0;
            await foreach (var item in items)
            {
                sum += item;
            }

            return sum;
        }
    });

    [Theory]
    [MemberData(nameof(Kinds))]
    public void It_says_how_full_it_is_and_who_waits(string kind) => Run(kind, 1, async queue =>
    {
        var getter = LoopTask.Start(queue.GetAsync());
        await Expect.SettleAsync();
        Assert.Equal($"{kind}<int> (0 of 1 items, 1 getting)", queue.ToString());
        Assert.Equal("an item of a queue", getter.WaitsFor);
        await queue.PutAsync(1);
        await queue.PutAsync(2);
        var putter = LoopTask.Start(queue.PutAsync(3));
        await Expect.SettleAsync();
        Assert.Equal(new QueueStatistics { Count = 1, Capacity = 1, WaitingPutters = 1, UnfinishedItems = 2 }, queue.Statistics);
        Assert.Equal($"{kind}<int> (1 of 1 items, 1 putting)", queue.ToString());
        Assert.Equal("room in a queue", putter.WaitsFor);
        queue.Shutdown();
        await LoopTask.WhenAny(putter);
        _ = putter.Exception;
        Assert.Equal($"{kind}<int> (1 of 1 items, shut down)", queue.ToString());
        Assert.StartsWith("AsyncQueue<string> (0 items", new AsyncQueue<string>().ToString());
    });

    [Fact]
    public void A_comparer_that_throws_fails_the_put_and_leaves_the_queue_as_it_was() => VirtualTime.Run(async () =>
    {
        var queue = new AsyncPriorityQueue<int>(2, Comparer<int>.Create((a, b) => a < 0 || b < 0 ? throw new InvalidTimeZoneException() : a - b));
        await queue.PutAsync(1);
        await ThrowsAsync<InvalidTimeZoneException>(() => queue.PutAsync(-1));
        Assert.Throws<InvalidTimeZoneException>(() => queue.TryPut(-1));
        Assert.Equal((1, 1), (queue.Count, queue.UnfinishedItems));
        await queue.PutAsync(2);
        var (bad, good) = (LoopTask.Start(queue.PutAsync(-3)), LoopTask.Start(queue.PutAsync(3)));
        await Coroutine.Yield();
        Assert.Equal(1, await queue.GetAsync());
        await ThrowsAsync<InvalidTimeZoneException>(async () => await bad);
        Assert.Equal(2, await queue.GetAsync());
        await good;
        Assert.Equal(3, await queue.GetAsync());
    });

    [Fact]
    public void A_queue_without_room_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new AsyncQueue<int>(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new AsyncLifoQueue<int>(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new AsyncPriorityQueue<int>(0));
    }

    private static void Run(string kind, int capacity, Func<AsyncQueue<int>, Coroutine> test)
        => VirtualTime.Run(() => test(s_kinds[kind](capacity)));

    /// <summary>Compares anything but one number.</summary>
    private static class Moody
    {
        internal static IComparer<int> Of(int refused)
            => Comparer<int>.Create((a, b) => a == refused || b == refused ? throw new InvalidTimeZoneException() : a - b);
    }
}
