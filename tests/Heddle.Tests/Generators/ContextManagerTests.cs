using Heddle.Testing;

namespace Heddle.Tests.Generators;

/// <summary>Context managers made of a generator with one yield; what holds for one holds for its twin on the loop.</summary>
public sealed class ContextManagerTests
{
    private readonly List<string> _log = [];

    public static TheoryData<bool> BothKinds => [false, true];

    [Theory]
    [MemberData(nameof(BothKinds))]
    public void The_code_runs_between_the_two_halves_of_the_body(bool onLoop)
    {
        Run(onLoop, TransactionAsync, _log.Add);

        Assert.Equal(["open", "cursor", "commit", "close"], _log);
    }

    [Theory]
    [MemberData(nameof(BothKinds))]
    public void The_body_sees_the_exception_of_the_code_and_may_let_it_pass(bool onLoop)
    {
        var failure = new FormatException("bad row");

        Assert.Same(failure, Assert.Throws<FormatException>(() => Run(onLoop, TransactionAsync, _ => throw failure)));
        Assert.Equal(["open", "rollback: bad row", "close"], _log);
    }

    [Theory]
    [MemberData(nameof(BothKinds))]
    public void The_body_may_swallow_the_exception(bool onLoop)
    {
        Run(onLoop, SwallowAsync, _ => throw new FormatException("bad row"));

        Assert.Equal(["swallowed bad row"], _log);

        async Coroutine SwallowAsync(GeneratorHandle<string, Nothing> co)
        {
            try
            {
                await co.Yield("cursor");
            }
            catch (FormatException failure)
            {
                _log.Add($"swallowed {failure.Message}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(BothKinds))]
    public void The_body_may_replace_the_exception(bool onLoop)
    {
        var failure = Assert.Throws<ArithmeticException>(() => Run(onLoop, ReplaceAsync, _ => throw new FormatException("bad row")));

        Assert.IsType<FormatException>(failure.InnerException);

        static async Coroutine ReplaceAsync(GeneratorHandle<string, Nothing> co)
        {
            try
            {
                await co.Yield("cursor");
            }
            catch (FormatException inner)
            {
                throw new ArithmeticException("replaced", inner);
            }
        }
    }

    [Theory]
    [MemberData(nameof(BothKinds))]
    public void An_end_of_another_generator_passes_as_it_is(bool onLoop)
    {
        var ended = new Generator<int>(_ => default);

        Assert.Throws<StopIterationException>(() => Run(onLoop, TransactionAsync, _ => ended.Next()));
    }

    [Theory]
    [MemberData(nameof(BothKinds))]
    public void A_body_that_does_not_yield_is_an_error(bool onLoop)
        => Assert.Contains(
            "without a yield",
            Assert.Throws<InvalidOperationException>(() => Run(onLoop, _ => default, _log.Add)).Message,
            StringComparison.Ordinal);

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void A_body_that_yields_twice_is_an_error_and_is_closed(bool onLoop, bool fails)
    {
        var failure = Assert.Throws<InvalidOperationException>(() => Run(onLoop, TwiceAsync, _ => ThrowIf(fails)));

        Assert.Contains("yielded twice", failure.Message, StringComparison.Ordinal);
        Assert.Equal(["finally"], _log);

        async Coroutine TwiceAsync(GeneratorHandle<string, Nothing> co)
        {
            try
            {
                try
                {
                    await co.Yield("first");
                }
                catch (FormatException)
                {
                }

                await co.Yield("second");
            }
            finally
            {
                _log.Add("finally");
            }
        }

        static void ThrowIf(bool fails)
        {
            if (fails)
            {
                throw new FormatException();
            }
        }
    }

    [Theory]
    [MemberData(nameof(BothKinds))]
    public void A_failure_before_the_yield_comes_out_and_the_code_does_not_run(bool onLoop)
    {
        Assert.Throws<FormatException>(() => Run(onLoop, _ => throw new FormatException(), _log.Add));
        Assert.Empty(_log);
    }

    [Fact]
    public void It_gives_back_the_result_of_the_code()
    {
        Assert.Equal(6, new ContextManager<string>(TransactionAsync).Run(cursor => cursor.Length));
        Assert.Equal(6, VirtualTime.Run(async () => await new AsyncContextManager<string>(TransactionAsync).RunAsync(async cursor => cursor.Length)));
    }

    [Fact]
    public void One_manager_serves_runs_inside_each_other()
    {
        var manager = new ContextManager<string>(TransactionAsync);
        manager.Run(_ => manager.Run(_ => { }));

        Assert.Equal(["open", "open", "commit", "close", "commit", "close"], _log);
    }

    [Fact]
    public void It_is_entered_and_left_by_hand()
    {
        var manager = new ContextManager<string>(TransactionAsync);
        var context = manager.Enter();
        Assert.Equal("cursor", context.Value);
        context.Exit();
        Assert.Throws<InvalidOperationException>(context.Exit);

        Assert.False(manager.Enter().Exit(new FormatException("bad row")));
        Assert.Equal(["open", "commit", "close", "open", "rollback: bad row", "close"], _log);
    }

    [Fact]
    public void The_twin_awaits_in_both_halves_and_sees_a_cancellation() => VirtualTime.Run(async () =>
    {
        var manager = new AsyncContextManager<string>(async co =>
        {
            await Coroutine.Delay(Expect.Second);
            try
            {
                await co.Yield("connection");
            }
            catch (ScopeCanceledException)
            {
                await CancelScope.ShieldAsync(async () => await Coroutine.Delay(Expect.Second));
                _log.Add("rolled back");
                throw;
            }
        });

        await Expect.ThrowsAsync<TimeoutException>(async () =>
            await manager.RunAsync(async _ => await Coroutine.Delay(Expect.Hour)).WithTimeout(3 * Expect.Second));

        Assert.Equal(["rolled back"], _log);
        Assert.Equal(4 * Expect.Second, EventLoop.Current.Now);
    });

    [Fact]
    public void The_twin_leaves_its_second_half_to_run_in_a_scope_that_the_code_cancelled() => VirtualTime.Run(async () =>
    {
        var manager = new AsyncContextManager<CancelScope>(async co =>
        {
            await co.Yield(CancelScope.Current);
            _log.Add("left");
        });

        await CancelScope.RunAsync(async _ => await manager.RunAsync(async scope => scope.Cancel()));
        Assert.Equal(["left"], _log);
    });

    [Fact]
    public void One_that_is_entered_by_hand_and_not_left_is_closed_with_the_scope() => VirtualTime.Run(async () =>
    {
        var manager = new AsyncContextManager<string>(TransactionAsync);
        await CancelScope.RunAsync(async _ => await manager.EnterAsync());

        Assert.Equal(["open", "rollback: The generator is being closed.", "close"], _log);
    });

    [Fact]
    public void Foreign_code_may_enter_and_leave_it() => VirtualTime.Run(async () =>
    {
        async Task UseAsync()
        {
            var context = await new AsyncContextManager<string>(TransactionAsync).EnterAsync();
            _log.Add(context.Value);
            await context.ExitAsync();
        }

        await UseAsync();
        Assert.Equal(["open", "cursor", "commit", "close"], _log);
    });

    private static void Run(bool onLoop, Func<GeneratorHandle<string, Nothing>, Coroutine> body, Action<string> inside)
    {
        if (!onLoop)
        {
            new ContextManager<string>(body).Run(inside);
            return;
        }

        VirtualTime.Run(async () => await new AsyncContextManager<string>(body).RunAsync(async value => inside(value)));
    }

    private async Coroutine TransactionAsync(GeneratorHandle<string, Nothing> co)
    {
        _log.Add("open");
        try
        {
            await co.Yield("cursor");
            _log.Add("commit");
        }
        catch (Exception failure)
        {
            _log.Add($"rollback: {failure.Message}");
            throw;
        }
        finally
        {
            _log.Add("close");
        }
    }
}
