using Heddle.Testing;
using static Heddle.Tests.Expect;

namespace Heddle.Tests.Structure;

public class WhenEachTests
{
    [Fact]
    public void Tasks_come_in_the_order_in_which_they_end() => VirtualTime.Run(async () =>
    {
        var seen = new List<string>();
        await foreach (var task in Coroutine.WhenEach(ValueAfterAsync(Second * 3, 3), ValueAfterAsync(Second, 1), ValueAfterAsync(Second * 2, 2)))
        {
            seen.Add($"{await task} at {EventLoop.Current.Now.TotalSeconds}");
        }

        Assert.Equal(["1 at 1", "2 at 2", "3 at 3"], seen);
    });

    [Fact]
    public void Those_that_end_while_the_consumer_is_busy_are_kept() => VirtualTime.Run(async () =>
    {
        var seen = 0;
        await foreach (var task in Coroutine.WhenEach(Enumerable.Range(0, 10).Select(i => ValueAfterAsync(Second * (i % 3), i))))
        {
            await Coroutine.Delay(Second);
            seen += task.Result;
        }

        Assert.Equal(45, seen);
        Assert.Equal(Second * 10, EventLoop.Current.Now);
    });

    [Fact]
    public void Of_none_nothing_comes() => VirtualTime.Run(async () =>
    {
        await foreach (var task in Coroutine.WhenEach(Array.Empty<Coroutine>()))
        {
            Assert.Fail($"{task} came");
        }
    });

    [Theory]
    [InlineData("break")]
    [InlineData("throw")]
    [InlineData("cancel")]
    [Trait("rule", "12")]
    [Trait("rule", "15")]
    public void Leaving_early_cancels_the_rest_and_waits_for_their_end(string how) => VirtualTime.Run(async () =>
    {
        var cleaned = 0;
        async Coroutine<int> SlowToEndAsync()
        {
            try
            {
                return await ValueAfterAsync(Hour, 1);
            }
            finally
            {
                await CancelScope.ShieldAsync(() => Coroutine.Delay(Second));
                cleaned++;
            }
        }

        var left = false;
        await CancelScope.RunAsync(async scope =>
        {
            try
            {
                await foreach (var task in Coroutine.WhenEach(SlowToEndAsync(), ValueAfterAsync(Second, 0), SlowToEndAsync()))
                {
                    Assert.Equal(0, await task);
                    switch (how)
                    {
                        case "break":
                            break;
                        case "throw":
                            throw new FormatException();
                        default:
                            scope.Cancel();
                            continue;
                    }

                    break;
                }
            }
            catch (FormatException)
            {
            }
            finally
            {
                left = true;
                Assert.Equal(2, cleaned);
                Assert.Equal(["main"], EventLoop.Current.Tasks.Select(task => task.Name));
            }
        });
        Assert.True(left);
        Assert.Equal(Second * 2, EventLoop.Current.Now);
    });

    [Fact]
    [Trait("rule", "17")]
    public void A_failure_cancels_nobody_and_is_reported_if_nobody_looks()
    {
        var reports = new List<LoopReport>();
        VirtualTime.Run(
            async () =>
            {
                var ended = 0;
                await foreach (var task in Coroutine.WhenEach(
                    FailAfterAsync(Second, new FormatException("seen")),
                    FailAfterAsync(Second * 2, new FormatException("unseen")),
                    Coroutine.Delay(Second * 3)))
                {
                    if (++ended == 1)
                    {
                        Assert.Equal("seen", (await ThrowsAsync<FormatException>(async () => await task)).Message);
                    }
                }

                Assert.Equal(3, ended);
            },
            new() { OnReport = reports.Add });
        Assert.Equal("unseen", Assert.Single(reports).Exception!.Message);
    }

    [Fact]
    public void The_enumerations_token_cancels_the_tasks_which_still_come() => VirtualTime.Run(async () =>
    {
        using var source = new CancellationTokenSource();
        var canceled = 0;
        _ = LoopTask.Start(async () =>
        {
            await Coroutine.Delay(Second);
            source.Cancel();
        });
        await foreach (var task in Coroutine.WhenEach(Coroutine.Delay(Hour), Coroutine.Delay(Hour)).WithCancellation(source.Token))
        {
            canceled += task.IsCanceled ? 1 : 0;
        }

        Assert.Equal(2, canceled);
        Assert.Equal(Second, EventLoop.Current.Now);
    });

    [Fact]
    public void They_start_with_the_enumeration_and_not_before() => VirtualTime.Run(async () =>
    {
        var begun = false;
        async Coroutine BodyAsync() => begun = true;
        var sequence = Coroutine.WhenEach(BodyAsync());
        await Coroutine.Delay(Second);
        Assert.False(begun);
        await foreach (var task in sequence)
        {
            await task;
        }

        Assert.True(begun);
    });

    [Fact]
    [Trait("rule", "7")]
    public void One_that_is_cancelled_in_the_turn_in_which_it_waits_gets_no_item() => VirtualTime.Run(async () =>
    {
        LoopTask? me = null;
        me = LoopTask.Start(async () =>
        {
            await foreach (var ended in Coroutine.WhenEach(PartAsync()))
            {
                Assert.Fail($"{ended} was given out in a cancelled scope.");
            }
        });
        await LoopTask.WhenAny(me);
        Assert.True(me.IsCanceled, me.ToString());

        // Cancels before it ends, in the same turn.
        async Coroutine PartAsync() => me!.Cancel("A");
    });
}
