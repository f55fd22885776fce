using Heddle.Testing;

namespace Heddle.Tests.Generators;

/// <summary>A generator needs no loop and cannot wait: what its body may not await is told to who called it.</summary>
public sealed class GeneratorMisuseTests
{
    private readonly AsyncLock _held = new();

    public static TheoryData<string> Waits => ["a delay", "a turn", "a held lock", "a free lock", "a source", "a scope", "a shield", "a group",
        "a timeout", "all", "a queue", "an abandonable task", "an own suspension", "another task"];

    [Theory]
    [MemberData(nameof(Waits))]
    public void Awaiting_what_needs_a_task_throws_to_the_caller_and_runs_the_finally_blocks(string wait) => VirtualTime.Run(async () =>
    {
        var log = new List<string>();
        var other = LoopTask.Start(Coroutine.Delay(TimeSpan.FromSeconds(1)));
        using var held = await _held.LockAsync();
        var generator = new Generator<int>(async co =>
        {
            try
            {
                await co.Yield(1);
                await WaitFor(wait, other);
            }
            finally
            {
                log.Add("finally");
            }
        });

        Assert.Equal(1, generator.Next());
        var failure = Assert.Throws<InvalidOperationException>(() => generator.Next());

        Assert.Contains("AsyncGenerator", failure.Message, StringComparison.Ordinal);
        Assert.Equal(["finally"], log);
        Assert.Equal(GeneratorState.Closed, generator.State);
        await other;
    });

    [Theory]
    [InlineData("a delay")]
    [InlineData("an own suspension")]
    [InlineData("a queue")]
    public void So_it_does_where_no_loop_runs(string wait)
    {
        using var generator = new Generator<int>(async co =>
        {
            await WaitFor(wait, null!);
            await co.Yield(1);
        });

        Assert.Contains("AsyncGenerator", Assert.Throws<InvalidOperationException>(() => generator.Next()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_stack_of_the_error_names_the_line_that_awaited()
    {
        var generator = new Generator<int>(async _ => await SleepInAGeneratorAsync());

        var failure = Assert.Throws<InvalidOperationException>(() => generator.Next());
        Assert.Contains(nameof(SleepInAGeneratorAsync), failure.StackTrace, StringComparison.Ordinal);

        static async Coroutine SleepInAGeneratorAsync() => await Coroutine.Delay(TimeSpan.FromSeconds(1));
    }

    [Fact]
    public void To_swallow_the_error_and_yield_breaks_the_generator_all_the_same()
    {
        var generator = new Generator<int>(async co =>
        {
            try
            {
                await Coroutine.Delay(TimeSpan.FromSeconds(1));
            }
            catch (InvalidOperationException)
            {
            }

            await co.Yield(1);
        });

        Assert.Throws<InvalidOperationException>(() => generator.Next());
        Assert.False(generator.TryNext(out _));
    }

    [Fact]
    public void To_swallow_the_error_and_return_breaks_the_generator_all_the_same()
    {
        var generator = new Generator<int, Nothing, int>(async co =>
        {
            try
            {
                await Coroutine.Delay(TimeSpan.FromSeconds(1));
            }
            catch (InvalidOperationException)
            {
            }

            return 1;
        });

        Assert.Throws<InvalidOperationException>(() => generator.Next());
        Assert.Throws<InvalidOperationException>(() => generator.Result);
    }

    [Fact]
    public void To_swallow_the_error_for_ever_ends_too()
    {
        var generator = new Generator<int>(async co =>
        {
            while (true)
            {
                try
                {
                    await Coroutine.Delay(TimeSpan.FromSeconds(1));
                }
                catch (InvalidOperationException)
                {
                }
            }
        });

        Assert.Throws<InvalidOperationException>(() => generator.Next());
        Assert.Equal(GeneratorState.Closed, generator.State);
    }

    [Fact]
    public void Awaiting_something_foreign_throws_to_the_caller_and_gives_the_body_up()
    {
        var ran = false;
        var foreign = new TaskCompletionSource();
        var generator = new Generator<int>(async co =>
        {
            try
            {
                await co.Yield(1);
                await foreign.Task;
            }
            finally
            {
                ran = true;
            }
        });

        generator.Next();
        Assert.Contains("had not completed", Assert.Throws<InvalidOperationException>(() => generator.Next()).Message, StringComparison.Ordinal);
        foreign.SetResult();

        Assert.Equal(GeneratorState.Closed, generator.State);
        Assert.False(ran);
    }

    [Fact]
    public void What_is_broken_inside_of_a_delegation_is_an_error_at_the_yield_from()
    {
        var foreign = new TaskCompletionSource();
        var inner = new Generator<int>(async co =>
        {
            await co.Yield(1);
            await foreign.Task;
        });
        var outer = new Generator<int>(async co =>
        {
            try
            {
                await co.YieldFrom(inner);
            }
            catch (InvalidOperationException)
            {
                await co.Yield(2);
            }
        });

        Assert.Equal([1, 2], outer);
        Assert.Equal(GeneratorState.Closed, inner.State);
    }

    [Fact]
    public void Something_foreign_that_has_completed_is_no_wait()
        => Assert.Equal([7], new Generator<int>(async co => await co.Yield(await Task.FromResult(7))));

    [Fact]
    public void Coroutines_that_end_without_a_wait_are_no_wait()
    {
        static async Coroutine<int> SquareAsync(int x) => x * x;

        var generator = new Generator<int>(async co =>
        {
            for (var i = 0; i < 300; i++)
            {
                await Coroutine.Completed;
                await co.Yield(await SquareAsync(i) + await Coroutine.FromResult(1));
            }
        });

        Assert.Equal(Enumerable.Range(0, 300).Select(i => (i * i) + 1), generator);
    }

    [Fact]
    public void Its_handle_is_of_no_use_in_another_generator()
    {
        var first = default(GeneratorHandle<int, Nothing>);
        var outer = new Generator<int>(async co =>
        {
            first = co;
            await co.YieldFrom(new Generator<int>(async _ => await first.Yield(1)));
        });

        Assert.Contains("outside of the body", Assert.Throws<InvalidOperationException>(() => outer.Next()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Its_handle_is_of_no_use_in_a_task() => VirtualTime.Run(async () =>
    {
        var handle = default(GeneratorHandle<int, Nothing>);
        var generator = new Generator<int>(async co =>
        {
            handle = co;
            await co.Yield(1);
            await co.Yield(2);
        });

        generator.Next();
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await handle.Yield(5));
        await Expect.ThrowsAsync<InvalidOperationException>(async () => await handle.Yield(5));
        await Expect.ThrowsAsync<InvalidOperationException>(async () => await handle.YieldFrom([5]));
        await Expect.ThrowsAsync<InvalidOperationException>(async () => await handle.YieldFrom(new Generator<int>(async co => await co.Yield(5))));

        Assert.Equal(2, generator.Next());
    });

    private async Coroutine WaitFor(string wait, LoopTask other)
    {
        switch (wait)
        {
            case "a delay":
                await Coroutine.Delay(TimeSpan.FromSeconds(1));
                break;
            case "a turn":
                await Coroutine.Yield();
                break;
            case "a held lock":
                (await _held.LockAsync()).Dispose();
                break;
            case "a free lock":
                (await new AsyncLock().LockAsync()).Dispose();
                break;
            case "a source":
                await new CoroutineSource<int>();
                break;
            case "a scope":
                await CancelScope.RunAsync(async _ => { });
                break;
            case "a shield":
                await CancelScope.ShieldAsync(async () => { });
                break;
            case "a group":
                await TaskGroup.RunAsync(async _ => { });
                break;
            case "a timeout":
                await Coroutine.Completed.WithTimeout(TimeSpan.FromSeconds(1));
                break;
            case "all":
                await Coroutine.WhenAll(Coroutine.Completed);
                break;
            case "a queue":
                await new AsyncQueue<int>().GetAsync();
                break;
            case "an abandonable task":
                await new TaskCompletionSource().Task.OrCanceled();
                break;
            case "an own suspension":
                await Heddle.LowLevel.Suspend.UntilResumedAsync<int, int>(0, (_, _) => { }, _ => true, "nothing");
                break;
            default:
                await other;
                break;
        }
    }
}
