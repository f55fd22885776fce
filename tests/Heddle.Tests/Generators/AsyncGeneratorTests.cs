using Heddle.Testing;

namespace Heddle.Tests.Generators;

/// <summary>The generator on the loop: the same conversation, with awaits between the yields.</summary>
public sealed class AsyncGeneratorTests
{
    private readonly List<string> _log = [];

    [Fact]
    public void It_awaits_between_its_yields() => VirtualTime.Run(async () =>
    {
        await foreach (var tick in Ticks(3))
        {
            _log.Add($"{tick} at {EventLoop.Current.Now.TotalSeconds}");
        }

        Assert.Equal(["0 at 1", "1 at 2", "2 at 3", "finally"], _log);
    });

    [Fact]
    public void The_token_of_an_enumeration_is_observed_while_the_body_waits() => VirtualTime.Run(async () =>
    {
        using var source = new CancellationTokenSource();
        var reader = LoopTask.Start(async () =>
        {
            await foreach (var tick in Ticks(3600).WithCancellation(source.Token))
            {
                _log.Add($"{tick}");
            }
        });
        await Coroutine.Delay(TimeSpan.FromSeconds(2.5));
        source.Cancel();
        var cancellation = await Expect.ThrowsAsync<OperationCanceledException>(async () => await reader);
        Assert.Equal(source.Token, cancellation.CancellationToken);
        Assert.Equal(["0", "1", "finally"], _log);
        Assert.Equal(2.5, EventLoop.Current.Now.TotalSeconds);
    });

    [Fact]
    public void It_can_be_configured_as_a_sequence() => VirtualTime.Run(async () =>
    {
        await foreach (var tick in Ticks(2).ConfigureAwait(false))
        {
            _log.Add($"{tick}");
        }

        Assert.Equal(["0", "1", "finally"], _log);
    });

    [Fact]
    public void What_it_yielded_last_is_not_kept_while_it_waits_for_the_next() => VirtualTime.Run(async () =>
    {
        await using var generator = new AsyncGenerator<object>(async co =>
        {
            await co.Yield(new object());
            await Coroutine.Delay(TimeSpan.FromSeconds(1));
        });
        Assert.True(await generator.MoveNextAsync());
        Assert.NotNull(generator.Current);
        var next = LoopTask.Start(generator.MoveNextAsync());
        await Coroutine.Yield();
        Assert.Null(generator.Current);
        Assert.False(await next);
    });

    [Fact]
    public void Other_tasks_run_while_it_waits() => VirtualTime.Run(async () =>
    {
        await Coroutine.WhenAll(ReadAsync("a"), ReadAsync("b"));

        Assert.Equal(["a0", "b0", "a1", "b1", "finally", "finally"], _log);

        async Coroutine ReadAsync(string name)
        {
            await foreach (var tick in Ticks(2))
            {
                _log.Add($"{name}{tick}");
            }
        }
    });

    [Fact]
    public void It_is_sent_values_and_returns_a_result() => VirtualTime.Run(async () =>
    {
        await using var mean = new AsyncGenerator<double?, double?, double>(async co =>
        {
            var (sum, count) = (0.0, 0);
            double? mean = null;
            while (await co.Yield(mean) is { } x)
            {
                await Coroutine.Delay(Expect.Second);
                sum += x;
                mean = sum / ++count;
            }

            return sum / count;
        });

        await mean.PrimeAsync();
        Assert.Equal(4, await mean.SendAsync(4));
        Assert.Equal(5, await mean.SendAsync(6));
        Assert.Equal(5.0, (await Expect.ThrowsAsync<StopIterationException>(async () => await mean.SendAsync(null))).Value);
        Assert.Equal(5, mean.Result);
        Assert.False(await mean.MoveNextAsync());
    });

    [Fact]
    public void What_is_thrown_into_it_comes_out_of_its_yield() => VirtualTime.Run(async () =>
    {
        await using var generator = new AsyncGenerator<string>(async co =>
        {
            try
            {
                await co.Yield("first");
            }
            catch (FormatException)
            {
                await Coroutine.Delay(Expect.Second);
                await co.Yield("caught");
            }
        });

        await generator.NextAsync();
        Assert.Equal("caught", await generator.ThrowAsync(new FormatException()));
        await Expect.ThrowsAsync<ArithmeticException>(async () => await generator.ThrowAsync(new ArithmeticException()));
        Assert.Equal(GeneratorState.Closed, generator.State);
    });

    [Fact]
    public void Sending_before_the_start_and_asking_twice_at_once_are_errors() => VirtualTime.Run(async () =>
    {
        await using var generator = new AsyncGenerator<int, int>(async co =>
        {
            await Coroutine.Delay(Expect.Second);
            await co.Yield(1);
        });

        await Expect.ThrowsAsync<InvalidOperationException>(async () => await generator.SendAsync(5));
        var first = LoopTask.Start(generator.NextAsync());
        await Coroutine.Yield();
        Assert.Equal(GeneratorState.Running, generator.State);
        await Expect.ThrowsAsync<InvalidOperationException>(async () => await generator.NextAsync());
        Assert.Equal(1, await first);
    });

    [Fact]
    public void A_close_that_is_ignored_is_an_error_and_leaves_it_suspended() => VirtualTime.Run(async () =>
    {
        await using var generator = new AsyncGenerator<int>(async co =>
        {
            try
            {
                await co.Yield(1);
            }
            catch (GeneratorExitException)
            {
                await co.Yield(2);
            }
        });

        await generator.NextAsync();
        await Expect.ThrowsAsync<InvalidOperationException>(async () => await generator.CloseAsync());
        Assert.Equal(GeneratorState.Suspended, generator.State);
    });

    [Fact]
    public void Leaving_the_loop_early_closes_it_and_awaits_its_finally() => VirtualTime.Run(async () =>
    {
        await foreach (var _ in Ticks(10, closing: Expect.Second))
        {
            break;
        }

        Assert.Equal(["finally"], _log);
        Assert.Equal(TimeSpan.FromSeconds(2), EventLoop.Current.Now);
    });

    [Fact]
    public void Foreign_code_enumerates_it_too() => VirtualTime.Run(async () =>
    {
        async Task<int> SumAsync(IAsyncEnumerable<int> items)
        {
            var sum = 0;
            await foreach (var item in items)
            {
                sum += item;
            }

            return sum;
        }

        Assert.Equal(6, await SumAsync(Ticks(4)));
        Assert.Equal(["finally"], _log);
    });

    [Fact]
    public void It_yields_from_another_which_gets_what_is_sent_and_thrown() => VirtualTime.Run(async () =>
    {
        var inner = new AsyncGenerator<string, string, int>(async co =>
        {
            var count = 0;
            for (var got = await co.Yield("ready"); got != "end"; count++)
            {
                try
                {
                    got = await co.Yield(got);
                }
                catch (FormatException)
                {
                    got = await co.Yield("caught");
                }
            }

            return count;
        });
        await using var outer = new AsyncGenerator<string, string, int>(async co => 100 + await co.YieldFrom(inner));

        Assert.Equal("ready", await outer.NextAsync());
        Assert.Equal("a", await outer.SendAsync("a"));
        Assert.Equal("caught", await outer.ThrowAsync(new FormatException()));
        Assert.False(await outer.MoveNextAsync("end"));
        Assert.Equal(101, outer.Result);
    });

    [Fact]
    public void It_yields_from_sequences_and_from_generators_that_need_no_loop() => VirtualTime.Run(async () =>
    {
        var outer = new AsyncGenerator<int, string?, string?>(async co =>
        {
            await co.YieldFrom([1, 2]);
            await co.YieldFrom(Ticks(2));
            return await co.YieldFrom(new Generator<int, string?, string?>(async co => await co.Yield(7)));
        });

        var seen = new List<int>();
        for (var goesOn = await outer.MoveNextAsync(); goesOn; goesOn = await outer.MoveNextAsync(outer.Current == 7 ? "sent" : null))
        {
            seen.Add(outer.Current);
        }

        Assert.Equal([1, 2, 0, 1, 7], seen);
        Assert.Equal("sent", outer.Result);
    });

    [Fact]
    public void Closing_reaches_the_one_it_yields_from_first() => VirtualTime.Run(async () =>
    {
        var outer = new AsyncGenerator<int>(async co =>
        {
            try
            {
                await co.YieldFrom(Ticks(3));
            }
            finally
            {
                _log.Add("outer");
            }
        });

        await outer.NextAsync();
        await outer.DisposeAsync();

        Assert.Equal(["finally", "outer"], _log);
    });

    private AsyncGenerator<int> Ticks(int count, TimeSpan closing = default) => new(async co =>
    {
        try
        {
            for (var i = 0; i < count; i++)
            {
                await Coroutine.Delay(Expect.Second);
                await co.Yield(i);
            }
        }
        finally
        {
            await CancelScope.ShieldAsync(async () => await Coroutine.Delay(closing));
            _log.Add("finally");
        }
    });
}
