using System.Runtime.CompilerServices;
using Heddle.Testing;

namespace Heddle.Tests.Pitfalls;

/// <summary>What others got wrong when waiting for several.</summary>
public class CombinatorPitfallTests
{
    private static readonly TimeSpan s_second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_hour = TimeSpan.FromHours(1);

    [Fact]
    [Trait("pitfall", "2")]
    public void A_timeout_of_zero_does_not_eat_an_earlier_cancellation() => VirtualTime.Run(async () =>
    {
        var goneOn = false;
        Assert.False(await CancelScope.RunAsync(async outer =>
        {
            outer.Cancel("earlier");
            await CancelScope.MoveOnAfterAsync(TimeSpan.Zero, _ => Coroutine.Delay(s_hour));
            goneOn = true;
        }));
        Assert.False(goneOn);
    });

    [Fact]
    [Trait("pitfall", "2")]
    public void A_cancellation_from_outside_is_not_lost_behind_one_of_the_inner_scope() => VirtualTime.Run(async () =>
    {
        var goneOn = false;
        CancelScope? outerScope = null;
        var task = LoopTask.Start(() => CancelScope.RunAsync(async outer =>
        {
            outerScope = outer;
            await CancelScope.RunAsync(async inner =>
            {
                inner.Cancel("inner");
                try
                {
                    await Coroutine.Delay(s_hour);
                }
                finally
                {
                    await CancelScope.ShieldAsync(() => Coroutine.Delay(s_second));
                }
            });
            goneOn = true;
        }));
        await Coroutine.Yield();
        outerScope!.Cancel("outer");
        Assert.False(await task);
        Assert.False(goneOn);
    });

    [Fact]
    [Trait("pitfall", "3")]
    public void A_shield_entered_after_the_cancellation_keeps_it_out_until_it_is_left() => VirtualTime.Run(async () =>
    {
        var log = new List<string>();
        Assert.False(await CancelScope.RunAsync(async scope =>
        {
            scope.Cancel();
            await CancelScope.ShieldAsync(async () =>
            {
                await Coroutine.Delay(s_second);
                log.Add("shielded");
            });
            log.Add("left");
            await Coroutine.Yield();
            log.Add("never");
        }));
        Assert.Equal(["shielded", "left"], log);
    });

    [Fact]
    [Trait("pitfall", "5")]
    public void A_scope_with_a_timeout_that_is_cancelled_by_hand_does_not_time_out() => VirtualTime.Run(async () =>
    {
        await CancelScope.WithTimeoutAsync(s_hour, async scope =>
        {
            scope.Cancel("by hand");
            await Coroutine.Yield();
        });
        Assert.Equal(TimeSpan.Zero, EventLoop.Current.Now);
    });

    [Fact]
    [Trait("pitfall", "7")]
    public void Settled_waiting_does_not_swallow_the_callers_cancellation() => VirtualTime.Run(async () =>
    {
        var goneOn = false;
        Assert.False(await CancelScope.MoveOnAfterAsync(s_second, async _ =>
        {
            await Coroutine.WhenAllSettled(Coroutine.Delay(s_hour), Coroutine.Completed);
            goneOn = true;
        }));
        Assert.False(goneOn);
    });

    [Fact]
    [Trait("pitfall", "8")]
    public void A_failure_inside_a_shield_is_thrown_and_nothing_is_left_running() => VirtualTime.Run(async () =>
    {
        var caught = false;
        Assert.False(await CancelScope.RunAsync(async scope =>
        {
            scope.Cancel();
            try
            {
                await CancelScope.ShieldAsync(async () =>
                {
                    await Coroutine.Delay(s_second);
                    throw new InvalidTimeZoneException();
                });
            }
            catch (InvalidTimeZoneException)
            {
                caught = true;
            }

            await Coroutine.Yield();
        }));
        Assert.True(caught);
        Assert.Equal("main", Assert.Single(EventLoop.Current.Tasks).Name);
    });

    [Fact]
    [Trait("pitfall", "9")]
    public void A_child_is_registered_before_its_first_step_and_has_it_in_a_turn_of_its_own() => VirtualTime.Run(async () =>
    {
        LoopTask? seen = null;
        LoopTask? child = null;
        var ran = false;
        await TaskGroup.RunAsync(async group =>
        {
            child = group.Start(async () =>
            {
                ran = true;
                seen = LoopTask.Current;
                await Coroutine.Delay(s_hour);
            });
            Assert.False(ran);
            Assert.Equal(1, group.Count);
            Assert.Contains(child, EventLoop.Current.Tasks);
            group.Cancel("before its first step");
        });
        Assert.True(ran);
        Assert.Same(child, seen);
        Assert.True(child!.IsCanceled);
        Assert.Equal(TimeSpan.Zero, EventLoop.Current.Now);
    });

    [Fact]
    [Trait("pitfall", "9")]
    public void A_child_started_on_a_cancelled_group_is_cancelled_too() => VirtualTime.Run(async () =>
    {
        LoopTask? child = null;
        await TaskGroup.RunAsync(async group =>
        {
            group.Cancel();
            child = group.Start(Coroutine.Delay(s_hour));
        });
        Assert.True(child!.IsCanceled);
    });

    [Fact]
    [Trait("pitfall", "11")]
    public void A_race_has_one_winner_and_disposes_of_what_a_loser_got_in_the_same_turn() => VirtualTime.Run(async () =>
    {
        var first = new Resource();
        var second = new Resource();
        static async Coroutine<Resource> GetAsync(Resource resource)
        {
            await Coroutine.Delay(s_second);
            return resource;
        }

        Assert.Same(first, await Coroutine.Race(GetAsync(first), GetAsync(second)));
        Assert.False(first.IsDisposed);
        Assert.True(second.IsDisposed);
    });

    [Fact]
    [Trait("pitfall", "11")]
    public void The_losers_of_a_race_have_ended_when_it_returns() => VirtualTime.Run(async () =>
    {
        var ended = false;
        async Coroutine<int> LoseAsync()
        {
            try
            {
                await Coroutine.Delay(s_hour);
            }
            finally
            {
                await CancelScope.ShieldAsync(() => Coroutine.Delay(s_second));
                ended = true;
            }

            return 0;
        }

        Assert.Equal(1, await Coroutine.Race(LoseAsync(), Coroutine.FromResult(1)));
        Assert.True(ended);
    });

    [Fact]
    [Trait("pitfall", "12")]
    public void WhenAny_in_a_loop_leaves_nothing_registered_with_the_tasks_that_run_on() => VirtualTime.Run(async () =>
    {
        var longRunning = LoopTask.Start(Coroutine.Delay(s_hour));
        var remembered = await WaitForFirstOfTwoAsync(longRunning);
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        Assert.DoesNotContain(remembered, reference => reference.IsAlive);
        longRunning.Cancel();
    });

    [Fact]
    [Trait("pitfall", "13")]
    public void WhenAll_returns_only_when_all_have_ended_also_after_a_failure() => VirtualTime.Run(async () =>
    {
        var ended = false;
        async Coroutine SlowToEndAsync()
        {
            try
            {
                await Coroutine.Delay(s_hour);
            }
            finally
            {
                await CancelScope.ShieldAsync(() => Coroutine.Delay(s_second));
                ended = true;
            }
        }

        try
        {
            await Coroutine.WhenAll(SlowToEndAsync(), Coroutine.FromException(new InvalidTimeZoneException()));
            Assert.Fail("nothing was thrown");
        }
        catch (InvalidTimeZoneException)
        {
            Assert.True(ended);
        }

        Assert.Equal(s_second, EventLoop.Current.Now);
    });

    /// <summary>Waits often, with a short task each time; whatever still held on to one would be found by its reference.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Coroutine<List<WeakReference>> WaitForFirstOfTwoAsync(LoopTask longRunning)
    {
        var references = new List<WeakReference>();
        for (var i = 0; i < 100; i++)
        {
            var quick = LoopTask.Start(Coroutine.Delay(s_second));
            references.Add(new WeakReference(quick));
            Assert.Same(quick, await LoopTask.WhenAny(longRunning, quick));
        }

        // The last one may still be named by a pooled frame.
        await LoopTask.Start(Coroutine.Delay(s_second));
        references.RemoveRange(90, 10);
        return references;
    }

    private sealed class Resource : IDisposable
    {
        internal bool IsDisposed { get; private set; }

        public void Dispose() => IsDisposed = true;
    }
}
