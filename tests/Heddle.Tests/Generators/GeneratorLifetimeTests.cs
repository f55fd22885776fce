using System.Diagnostics;
using System.Reflection;
using System.Runtime.CompilerServices;
using Heddle.Testing;

namespace Heddle.Tests.Generators;

/// <summary>What a generator costs, holds and leaves behind.</summary>
public sealed class GeneratorLifetimeTests
{
    private const int Rounds = 10_000;

    private static bool IsOptimized
        => typeof(GeneratorLifetimeTests).Assembly.GetCustomAttribute<DebuggableAttribute>() is not { IsJITOptimizerDisabled: true };

    [Fact]
    public void A_step_allocates_nothing()
    {
        using var echo = new Generator<int, int>(async co =>
        {
            for (var x = 0; ;)
            {
                x = await co.Yield(x);
            }
        });
        echo.Next();

        AssertNoAllocation(() =>
        {
            for (var i = 0; i < Rounds; i++)
            {
                echo.Send(i);
                echo.Next();
            }
        });
    }

    [Fact]
    public void A_step_through_ten_levels_allocates_nothing()
    {
        var inner = Count();
        for (var i = 0; i < 10; i++)
        {
            var next = inner;
            inner = new Generator<int>(async co => await co.YieldFrom(next));
        }

        inner.Next();
        AssertNoAllocation(() =>
        {
            for (var i = 0; i < Rounds; i++)
            {
                inner.Next();
            }
        });
        inner.Dispose();
    }

    [Fact]
    public void A_step_on_the_loop_allocates_nothing()
    {
        Assert.SkipUnless(IsOptimized, "A debug build makes each state machine an object.");
        VirtualTime.Run(async () =>
        {
            await using var numbers = new AsyncGenerator<int>(async co =>
            {
                for (var i = 0; ; i++)
                {
                    await co.Yield(i);
                }
            });
            await TakeAsync();
            var before = GC.GetAllocatedBytesForCurrentThread();
            await TakeAsync();
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, Rounds / 10);

            async Coroutine TakeAsync()
            {
                for (var i = 0; i < Rounds; i++)
                {
                    await numbers.MoveNextAsync();
                }
            }
        });
    }

    [Fact]
    public void One_that_is_dropped_unfinished_is_collected_and_its_finally_does_not_run()
    {
        var ran = new StrongBox<bool>();
        var dropped = MakeAndDrop(ran);
        for (var i = 0; i < 10 && dropped.Any(reference => reference.IsAlive); i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        Assert.DoesNotContain(dropped, reference => reference.IsAlive);
        Assert.False(ran.Value);
    }

    [Fact]
    public void One_that_has_ended_does_not_keep_what_its_body_held_alive()
    {
        var held = RunToTheEnd();
        for (var i = 0; i < 10 && held.IsAlive; i++)
        {
            GC.Collect();
        }

        Assert.False(held.IsAlive);
    }

    [Fact]
    public void Leaving_a_foreach_early_runs_the_finally_and_so_does_linq()
    {
        var log = new List<string>();
        foreach (var _ in Logged())
        {
            break;
        }

        Assert.Equal(1, Logged().First());
        Assert.Equal(["finally", "finally"], log);

        Generator<int> Logged() => new(async co =>
        {
            try
            {
                await co.Yield(1);
                await co.Yield(2);
            }
            finally
            {
                log.Add("finally");
            }
        });
    }

    [Fact]
    public void A_foreach_goes_on_from_where_the_generator_stands_and_a_second_one_finds_it_closed()
    {
        var numbers = Count();
        Assert.Equal(0, numbers.Next());
        Assert.Equal(1, numbers.Next());

        Assert.Equal([2, 3, 4], numbers.Take(3));
        Assert.Empty(numbers);
    }

    [Fact]
    public void Disposing_of_it_twice_does_nothing()
    {
        var numbers = Count();
        numbers.Next();
        numbers.Dispose();
        numbers.Dispose();

        Assert.Equal(GeneratorState.Closed, numbers.State);
    }

    [Fact]
    public void It_says_what_it_is() => Assert.Equal("generator of int (Created)", Count().ToString());

    [Fact]
    public void Its_result_is_an_error_before_the_end_and_after_another_end()
    {
        var generator = new Generator<int, Nothing, string>(async co =>
        {
            await co.Yield(1);
            return "done";
        });

        Assert.Contains("no result yet", Assert.Throws<InvalidOperationException>(() => generator.Result).Message, StringComparison.Ordinal);
        generator.Next();
        generator.Close();
        Assert.Contains("was closed", Assert.Throws<InvalidOperationException>(() => generator.Result).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Its_delegate_is_what_it_yields_from()
    {
        var inner = Count();
        int[] items = [1, 2];
        using var outer = new Generator<int>(async co =>
        {
            await co.Yield(0);
            await co.YieldFrom(items);
            await co.YieldFrom(inner);
        });

        outer.Next();
        Assert.Null(outer.Delegate);
        outer.Next();
        Assert.Same(items, outer.Delegate);
        outer.Next();
        outer.Next();
        Assert.Same(inner, outer.Delegate);
        inner.Close();
        Assert.False(outer.TryNext(out _));
        Assert.Null(outer.Delegate);
    }

    [Fact]
    public void What_the_inner_one_cannot_take_is_an_error_at_the_yield_from()
    {
        using var outer = new Generator<int, string?>(async co =>
        {
            try
            {
                await co.YieldFrom(new Generator<int, int?>(async co => await co.Yield(1)));
            }
            catch (InvalidOperationException failure)
            {
                await co.Yield(failure.Message.Length);
            }
        });

        outer.Next();
        Assert.True(outer.Send("text") > 0);
    }

    [Fact]
    public void What_is_sent_to_one_that_takes_nothing_is_dropped()
    {
        using var outer = new Generator<int, string?>(async co =>
        {
            await co.YieldFrom(Count());
        });

        outer.Next();
        Assert.Equal(1, outer.Send("text"));
    }

    private static Generator<int> Count() => new(async co =>
    {
        for (var i = 0; ; i++)
        {
            await co.Yield(i);
        }
    });

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference[] MakeAndDrop(StrongBox<bool> ran)
    {
        var held = new object();
        var generator = new Generator<int>(async co =>
        {
            try
            {
                await co.YieldFrom(new Generator<int>(async co => await co.Yield(1)));
            }
            finally
            {
                ran.Value = true;
                GC.KeepAlive(held);
            }
        });
        generator.Next();
        return [new(generator), new(held), new(generator.Delegate)];
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference RunToTheEnd()
    {
        var held = new object();
        var generator = new Generator<object>(async co => await co.Yield(held));
        generator.Next();
        generator.TryNext(out _);
        return new(held);
    }

    /// <summary>The least of several runs: in any one the runtime may allocate something of its own, as it compiles.</summary>
    private static void AssertNoAllocation(Action run)
    {
        var least = long.MaxValue;
        for (var i = 0; i < 5; i++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            run();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.InRange(least, 0, Rounds / 10);
    }
}
