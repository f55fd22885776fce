namespace Heddle.Tests.Executors;

/// <content>Mapping a function over an input.</content>
public abstract partial class ExecutorContractTests
{
    private static readonly MapOptions s_inOneChunk = new() { ChunkSize = 100 };

    [Theory]
    [InlineData(null)]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(1000)]
    public void Results_come_in_the_order_of_the_items(int? chunkSize) => Run(async () =>
    {
        await using var executor = Make(workers: 2);
        var results = await ListAsync(executor.MapAsync(Jobs.Double, Enumerable.Range(0, 300), new() { ChunkSize = chunkSize }));
        Assert.Equal(Enumerable.Range(0, 300).Select(Jobs.Double), results);
    });

    [Fact]
    public void Results_come_as_they_are_done_when_the_order_does_not_matter() => Run(async () =>
    {
        await using var executor = Make(workers: 2);
        var options = new MapOptions { ChunkSize = 1, InOrder = false };
        var results = new List<int>();
        await foreach (var result in executor.MapAsync(static item => Jobs.BlockThenCount(item.Signals, item.Number), Items(6), options))
        {
            results.Add(result);
            if (results.Count == 5)
            {
                // The first item blocks its worker until all the others are done.
                Assert.DoesNotContain(0, results);
                LetGo();
            }
        }

        Assert.Equal(0, results[^1]);
        Assert.Equal(Enumerable.Range(0, 6), results.Order());
    });

    [Fact]
    public void An_empty_input_has_no_results_and_needs_no_worker() => Run(async () =>
    {
        await using var executor = Make();
        Assert.Empty(await ListAsync(executor.MapAsync(Jobs.Double, Array.Empty<int>())));
        Assert.Equal(0, executor.Statistics.Workers);
    });

    [Fact]
    [Trait("rule", "17")]
    public void A_failure_comes_at_its_place_after_the_results_before_it() => Run(async () =>
    {
        await using var executor = Make(workers: 2);
        foreach (var chunkSize in new[] { 1, 4, 100 })
        {
            var results = new List<int>();
            var failure = await Expect.ThrowsAsync<DivideByZeroException>(async () =>
            {
                await foreach (var result in executor.MapAsync(Jobs.Invert, [10, 20, 50, 0, 100], new() { ChunkSize = chunkSize, MaxChunks = 1 }))
                {
                    results.Add(result);
                }
            });
            Assert.Equal([10, 5, 2], results);
            Assert.Contains("Jobs.Invert", failure.StackTrace);
        }
    });

    [Fact]
    public void A_failure_of_the_input_comes_at_its_place_after_the_results_before_it() => Run(async () =>
    {
        await using var executor = Make(workers: 2);
        var results = new List<int>();
        var failure = await Expect.ThrowsAsync<InvalidDataException>(async () =>
        {
            await foreach (var result in executor.MapAsync(Jobs.Double, Broken(), new() { ChunkSize = 2 }))
            {
                results.Add(result);
            }
        });
        Assert.Equal("no fourth item", failure.Message);
        Assert.Equal([2, 4, 6], results);

        static IEnumerable<int> Broken()
        {
            yield return 1;
            yield return 2;
            yield return 3;
            throw new InvalidDataException("no fourth item");
        }
    });

    [Fact]
    [Trait("rule", "17")]
    public void What_cannot_be_sent_fails_at_its_place_after_the_results_before_it() => Run(async () =>
    {
        await using var executor = Make(workers: 1);
        var plain = new Parcel { Number = 1 };
        await OnlyFirstTwoAsync("It is a HeavyParcel", executor.MapAsync(static p => p.Number, [plain, plain, new HeavyParcel(), plain], s_inOneChunk));
        await OnlyFirstTwoAsync("It is a HeavyParcel", executor.MapAsync(Jobs.PackThirdHeavily, [1, 2, 3, 4], s_inOneChunk));
        await OnlyFirstTwoAsync("too fragile", executor.MapAsync(static p => p.Number, Enumerable.Range(1, 4).Select(Fragile.Of), s_inOneChunk));
        await OnlyFirstTwoAsync("too fragile", executor.MapAsync(Fragile.Of, [1, 2, 3, 4], s_inOneChunk));

        static async Coroutine OnlyFirstTwoAsync<T>(string complaint, IAsyncEnumerable<T> results)
        {
            var count = 0;
            try
            {
                await foreach (var result in results)
                {
                    count++;
                }

                // On threads nothing is sent.
                Assert.Equal(4, count);
            }
            catch (NotPortableException failure)
            {
                Assert.Contains(complaint, failure.Message);
                Assert.Equal(2, count);
            }
        }
    });

    [Fact]
    [Trait("rule", "17")]
    public void A_failure_whose_place_the_enumeration_does_not_get_to_is_reported() => Run(async () =>
    {
        await using var executor = Make(workers: 1);
        await LeaveAfterFirstAsync(executor.MapAsync(Jobs.Invert, [10, 0], new() { ChunkSize = 2 }), () => true);
        Assert.Single(Reports);
        await LeaveAfterFirstAsync(
            executor.MapAsync(Jobs.Invert, [10, 20, 50, 0, 100, 100], new() { ChunkSize = 2 }), () => executor.Statistics.Completed == 3);
        Assert.Equal(2, Reports.Count);
        Assert.All(Reports, report => Assert.IsType<DivideByZeroException>(report.Exception));
        await LeaveAfterFirstAsync(executor.MapAsync(Jobs.Double, Broken(), new() { ChunkSize = 2, MaxChunks = 1 }), () => true);
        Assert.Contains("was left before the place of a call, or of an item, that had failed: no second item", Reports[2].Message);
        Reports.Clear();

        static async Coroutine LeaveAfterFirstAsync(IAsyncEnumerable<int> results, Func<bool> condition)
        {
            await foreach (var result in results)
            {
                await UntilAsync(condition);
                break;
            }
        }

        static IEnumerable<int> Broken()
        {
            yield return 1;
            throw new InvalidDataException("no second item");
        }
    });

    [Theory]
    [InlineData(1)]
    [InlineData(10)]
    public void Of_an_endless_input_no_more_is_read_than_is_taken_and_some(int chunkSize) => Run(async () =>
    {
        await using var executor = Make(workers: 2);
        var read = 0;
        var taken = 0;
        await foreach (var result in executor.MapAsync(Jobs.Double, Endless(), new() { ChunkSize = chunkSize, MaxChunks = 3 }))
        {
            Assert.Equal(2 * taken++, result);
            Assert.InRange(read, taken, taken + (3 * chunkSize) + 1);
            if (taken == 100)
            {
                break;
            }
        }

        IEnumerable<int> Endless()
        {
            while (true)
            {
                yield return read++;
            }
        }
    });

    [Fact]
    public void Items_that_arrive_are_worked_on_as_they_come() => Run(async () =>
    {
        await using var executor = Make(workers: 2);
        var items = new AsyncQueue<int>(1);
        var results = executor.MapAsync(Jobs.Double, items).GetAsyncEnumerator(CancelScope.Current.Token);
        for (var i = 0; i < 5; i++)
        {
            // No item waits for a chunk to be full.
            await items.PutAsync(i);
            Assert.True(await results.MoveNextAsync().OrCanceled());
            Assert.Equal(2 * i, results.Current);
        }

        items.Shutdown();
        Assert.False(await results.MoveNextAsync().OrCanceled());
        await results.DisposeAsync().OrCanceled();
    });

    [Fact]
    public void The_input_of_a_generator_is_closed_with_the_map() => Run(async () =>
    {
        await using var executor = Make(workers: 2);
        var isClosed = false;
        var items = new AsyncGenerator<int>(async co =>
        {
            try
            {
                for (var i = 0; ; i++)
                {
                    await Coroutine.Yield();
                    await co.Yield(i);
                }
            }
            finally
            {
                isClosed = true;
            }
        });
        await foreach (var result in executor.MapAsync(Jobs.Double, items))
        {
            if (result == 10)
            {
                break;
            }
        }

        Assert.True(isClosed);
    });

    [Fact]
    [Trait("rule", "7")]
    public void A_map_in_a_cancelled_scope_stops_its_calls_and_the_executor_goes_on() => Run(async () =>
    {
        await using var executor = Make(workers: 2);
        await CancelWhenBegunAsync(MapAsync());
        if (!CanStop)
        {
            Assert.True(Reports.RemoveAll(report => report.Kind == LoopReportKind.Abandoned) > 0);
        }

        LetGo();
        Assert.Equal(7, await executor.RunAsync(Jobs.Seven));

        async Coroutine MapAsync()
        {
            await foreach (var process in executor.MapAsync(Jobs.Block, Enumerable.Repeat(Signals, 10)))
            {
                Assert.Fail($"{process} has ended.");
            }
        }
    });

    [Fact]
    public void A_map_asks_functions_that_take_a_token_to_stop() => Run(async () =>
    {
        await using var executor = Make(workers: 1);
        var process = await CancelWhenBegunAsync(MapAsync());
        Assert.Equal(process, await executor.RunAsync(Jobs.ProcessId));

        async Coroutine MapAsync()
        {
            await foreach (var result in executor.MapAsync(Jobs.BlockPolitely, Enumerable.Repeat(Signals, 4)))
            {
                Assert.Fail(result);
            }
        }
    });

    [Fact]
    [Trait("rule", "13")]
    public void A_call_that_is_cancelled_as_it_goes_to_its_worker_is_asked_to_stop_there() => Run(async () =>
    {
        await using var executor = Make(workers: 1);
        for (var round = 0; round < 50; round++)
        {
            // The worker has just become free, and the next item is on its way there, when the enumeration is left.
            await foreach (var number in executor.MapAsync(Jobs.BlockUnlessZero, [0, 1], new() { ChunkSize = 1 }))
            {
                Assert.Equal(0, number);
                break;
            }
        }

        Assert.Equal((0, 0L), (executor.Statistics.Abandoned, executor.Statistics.LostWorkers));
    });

    [Fact]
    public void A_map_waits_for_room_where_a_call_would_be_refused() => Run(async () =>
    {
        await using var executor = Make(workers: 1, queueLimit: 0);
        Assert.Equal(50, (await ListAsync(executor.MapAsync(Jobs.Double, Enumerable.Range(0, 50), new() { ChunkSize = 1, MaxChunks = 8 }))).Count);
    });

    [Fact]
    [Trait("rule", "19")]
    public void Options_that_make_no_sense_are_refused() => Run(async () =>
    {
        await using var executor = Make();
        Assert.Throws<ArgumentOutOfRangeException>(() => executor.MapAsync(Jobs.Double, [1], new() { ChunkSize = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => executor.MapAsync(Jobs.Double, [1], new() { MaxChunks = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => Make(workers: 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => Make(queueLimit: -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Make(grace: -Expect.Second));
    });

    private IEnumerable<(string Signals, int Number)> Items(int count) => Enumerable.Range(0, count).Select(number => (Signals, number));

    private static async Coroutine<List<T>> ListAsync<T>(IAsyncEnumerable<T> items)
    {
        var list = new List<T>();
        await foreach (var item in items)
        {
            list.Add(item);
        }

        return list;
    }
}
