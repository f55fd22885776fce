using Heddle.LowLevel;
using Heddle.Testing;
using static Heddle.Tests.Expect;

namespace Heddle.Tests.Structure;

public class CancelScopeTests
{
    [Theory]
    [InlineData("2", 2)]
    [InlineData("1", 1)]
    [InlineData("0", 0)]
    [InlineData("21", 1)]
    [InlineData("12", 1)]
    [InlineData("20", 0)]
    [InlineData("02", 0)]
    [InlineData("10", 0)]
    [InlineData("01", 0)]
    [InlineData("210", 0)]
    [InlineData("201", 0)]
    [InlineData("120", 0)]
    [InlineData("102", 0)]
    [InlineData("021", 0)]
    [InlineData("012", 0)]
    [Trait("rule", "8")]
    [Trait("pitfall", "2")]
    public void Of_nested_scopes_the_outermost_cancelled_one_ends_in_whichever_order_they_were_cancelled(string order, int outermost)
        => VirtualTime.Run(async () =>
        {
            var scopes = new CancelScope[3];
            var goneOn = new List<int>();
            async Coroutine LevelAsync(int level)
            {
                var ranToItsEnd = await CancelScope.RunAsync(async scope =>
                {
                    scopes[level] = scope;
                    await (level == 2 ? Coroutine.Delay(Hour) : LevelAsync(level + 1));
                });
                Assert.Equal(level != outermost, ranToItsEnd);
                goneOn.Add(level);
                await Coroutine.Yield();
            }

            var canceller = LoopTask.Start(async () =>
            {
                await Coroutine.Delay(Second);
                foreach (var level in order)
                {
                    scopes[level - '0'].Cancel($"{level}");
                }

                Assert.Equal($"{outermost}", scopes[2].Reason);
            });
            await LevelAsync(0);
            await canceller;
            Assert.Equal(Enumerable.Range(0, outermost + 1).Reverse(), goneOn);
            Assert.Equal(Second, EventLoop.Current.Now);
        });

    [Fact]
    [Trait("rule", "7")]
    public void A_body_that_runs_to_its_end_without_another_wait_has_not_been_cancelled() => VirtualTime.Run(async () =>
    {
        Assert.True(await CancelScope.RunAsync(async scope => scope.Cancel()));
        Assert.Equal(5, (await CancelScope.RunAsync(async Coroutine<int> (scope) =>
        {
            scope.Cancel();
            return 5;
        })).Value);
        await Coroutine.Yield();
    });

    [Fact]
    [Trait("rule", "14")]
    public void A_cancelled_outcome_carries_the_scope_and_the_reason() => VirtualTime.Run(async () =>
    {
        CancelScope? own = null;
        var outcome = await CancelScope.RunAsync(async Coroutine<int> (scope) =>
        {
            own = scope;
            scope.Cancel("too late");
            await Coroutine.Yield();
            return 1;
        });
        Assert.True(outcome.IsCanceled);
        Assert.False(outcome.TryGetValue(out _));
        var cancellation = Assert.IsType<ScopeCanceledException>(outcome.Exception);
        Assert.Same(own, cancellation.Scope);
        Assert.Equal("too late", cancellation.Reason);
    });

    [Fact]
    [Trait("rule", "14")]
    public void Without_a_reason_the_exception_has_none() => VirtualTime.Run(() => CancelScope.RunAsync(async scope =>
    {
        Assert.Equal("scope (open)", scope.ToString());
        scope.Cancel();
        Assert.Equal("scope (cancelled: no reason given)", scope.ToString());
        Assert.Null(scope.Reason);
        Assert.Null((await ThrowsAsync<ScopeCanceledException>(() => Coroutine.Delay(Second))).Reason);
    }));

    [Fact]
    [Trait("rule", "8")]
    [Trait("pitfall", "2")]
    public void A_failure_that_takes_the_cancellations_place_passes_and_leaves_nothing_cancelled() => VirtualTime.Run(async () =>
    {
        await CancelScope.RunAsync(async outer =>
        {
            await ThrowsAsync<FormatException>(() => CancelScope.RunAsync(async inner =>
            {
                inner.Cancel();
                await FailWhenCancelledAsync(new FormatException());
            }));
            Assert.False(outer.IsCanceled);
            await Coroutine.Delay(Second);
        });
        Assert.Equal(Second, EventLoop.Current.Now);
    });

    [Fact]
    [Trait("rule", "8")]
    [Trait("pitfall", "2")]
    public void A_cancellation_kept_until_its_scope_was_left_is_a_failure_when_it_is_thrown_again() => VirtualTime.Run(async () =>
    {
        ScopeCanceledException? kept = null;
        await CancelScope.RunAsync(async scope =>
        {
            scope.Cancel("old");
            kept = await ThrowsAsync<ScopeCanceledException>(() => Coroutine.Delay(Second));
        });
        var task = LoopTask.Start(async Coroutine () => await CancelScope.RunAsync(async scope =>
        {
            scope.Cancel("new");
            throw kept!;
        }));
        Assert.Same(kept, await ThrowsAsync<ScopeCanceledException>(async () => await task));
        Assert.True(task.IsFaulted);
    });

    [Fact]
    public void Cancelling_a_scope_that_was_left_does_nothing() => VirtualTime.Run(async () =>
    {
        CancelScope? left = null;
        await CancelScope.RunAsync(async scope => left = scope);
        left!.Cancel("too late");
        Assert.False(left.IsCanceled);
        await Coroutine.Delay(Second);
    });

    [Fact]
    public void A_scope_reaches_what_runs_below_it_and_nothing_beside_it() => VirtualTime.Run(async () =>
    {
        var ended = new List<string>();
        CancelScope? left = null;
        async Coroutine SideAsync(string name)
        {
            if (await CancelScope.RunAsync(async scope =>
            {
                left ??= scope;
                await TaskGroup.RunAsync(async group =>
                {
                    _ = group.Start(Coroutine.Delay(Second * 2));
                    await Coroutine.Delay(Second * 2);
                });
            }))
            {
                ended.Add($"{name} at {EventLoop.Current.Now.TotalSeconds}");
            }
        }

        await Coroutine.WhenAll(SideAsync("left"), SideAsync("right"), FromOutsideAsync());
        Assert.Equal(["right at 2"], ended);

        async Coroutine FromOutsideAsync()
        {
            await Coroutine.Delay(Second);
            left!.Cancel();
        }
    });

    [Fact]
    [Trait("rule", "7")]
    public void A_scope_entered_in_a_cancelled_one_is_cancelled_from_the_start() => VirtualTime.Run(async () =>
    {
        var log = new List<string>();
        Assert.False(await CancelScope.RunAsync(async outer =>
        {
            outer.Cancel("outer");
            await CancelScope.RunAsync(async inner =>
            {
                log.Add($"{inner.IsCanceled} {inner.Reason}");
                await Coroutine.Yield();
                log.Add("never");
            });
            log.Add("never");
        }));
        Assert.Equal(["True outer"], log);
    });

    [Fact]
    [Trait("rule", "7")]
    public void A_wait_in_a_cancelled_scope_has_no_effect() => VirtualTime.Run(() => CancelScope.RunAsync(async scope =>
    {
        scope.Cancel();
        var ran = false;
        async Coroutine<int> BodyAsync()
        {
            ran = true;
            await Coroutine.Yield();
            return 1;
        }

        var begun = false;
        await ThrowsAsync<ScopeCanceledException>(() => Coroutine.WhenAll(BodyAsync(), BodyAsync()));
        await ThrowsAsync<ScopeCanceledException>(async () => await Coroutine.WhenAllSettled(BodyAsync()));
        await ThrowsAsync<ScopeCanceledException>(async () => await Coroutine.Race(BodyAsync(), BodyAsync()));
        await ThrowsAsync<ScopeCanceledException>(async () =>
        {
            await foreach (var task in Coroutine.WhenEach(BodyAsync()))
            {
                Assert.Fail($"{task} was given out");
            }
        });
        await ThrowsAsync<ScopeCanceledException>(async () => await Suspend.UntilResumedAsync<int, int>(
            0, (_, _) => begun = true, _ => true, "never"));
        Assert.False(ran);
        Assert.False(begun);
        Assert.Equal(["main"], EventLoop.Current.Tasks.Select(task => task.Name));
    }));

    [Fact]
    public void A_scope_that_was_left_says_so() => VirtualTime.Run(async () =>
    {
        CancelScope left = null!;
        await CancelScope.RunAsync(scope =>
        {
            left = scope;
            Assert.Equal("scope (open)", scope.ToString());
            return Coroutine.Completed;
        });
        Assert.Equal("scope (left)", left.ToString());
    });
}
