using Heddle.Testing;
using static Heddle.Tests.Expect;

namespace Heddle.Tests.Structure;

public class WithTokenTests
{
    [Fact]
    [Trait("rule", "10")]
    public void A_token_cancelled_before_ends_the_body_at_its_first_wait() => VirtualTime.Run(async () =>
    {
        using var source = new CancellationTokenSource();
        source.Cancel();
        var begun = false;
        var failure = await ThrowsAsync<OperationCanceledException>(() => CancelScope.WithTokenAsync(source.Token, async scope =>
        {
            begun = scope.IsCanceled;
            await Coroutine.Yield();
            Assert.Fail("It waited.");
        }));
        Assert.True(begun);
        Assert.Equal(source.Token, failure.CancellationToken);
        Assert.IsNotType<ScopeCanceledException>(failure, exactMatch: false);
    });

    [Fact]
    [Trait("rule", "10")]
    public void A_token_cancelled_after_the_scope_was_left_does_nothing() => VirtualTime.Run(async () =>
    {
        using var source = new CancellationTokenSource();
        Assert.Equal(4, await CancelScope.WithTokenAsync(source.Token, _ => ValueAfterAsync(Second, 4)));
        source.Cancel();
        await Coroutine.Delay(Second);
        Assert.Equal(Second * 2, EventLoop.Current.Now);
    });

    [Fact]
    [Trait("rule", "10")]
    public void A_token_can_be_cancelled_on_another_thread() => VirtualTime.Run(async () =>
    {
        using var source = new CancellationTokenSource();
        var never = new TaskCompletionSource();
        var failure = await ThrowsAsync<OperationCanceledException>(() => CancelScope.WithTokenAsync(source.Token, async _ =>
        {
            var canceller = Task.Run(source.Cancel, CancellationToken.None);
            await never.Task.OrCanceled();
            await canceller;
        }));
        Assert.Equal(source.Token, failure.CancellationToken);
        Assert.Equal(TimeSpan.Zero, EventLoop.Current.Now);
    });

    [Fact]
    [Trait("rule", "13")]
    public void A_result_that_the_body_has_when_the_token_is_cancelled_is_kept() => VirtualTime.Run(async () =>
    {
        using var source = new CancellationTokenSource();
        Assert.Equal(6, await CancelScope.WithTokenAsync(source.Token, async Coroutine<int> (_) =>
        {
            await Coroutine.Yield();
            source.Cancel();
            return 6;
        }));
    });

    [Fact]
    [Trait("rule", "8")]
    public void A_scope_cancelled_from_further_out_is_not_blamed_on_the_token() => VirtualTime.Run(async () =>
    {
        using var source = new CancellationTokenSource();
        Assert.False(await CancelScope.RunAsync(async outer => await CancelScope.WithTokenAsync(source.Token, async _ =>
        {
            outer.Cancel();
            source.Cancel();
            await Coroutine.Yield();
        })));
        Assert.False(await CancelScope.RunAsync(async outer => await CancelScope.WithTokenAsync(source.Token, async _ =>
        {
            outer.Cancel();
            await Coroutine.Yield();
        })));
    });

    [Fact]
    public void A_scope_cancelled_by_hand_before_the_token_ends_quietly_or_without_a_result() => VirtualTime.Run(async () =>
    {
        using var source = new CancellationTokenSource();
        async Coroutine CancelBothAsync(CancelScope scope)
        {
            scope.Cancel("by hand");
            source.Cancel();
            await Coroutine.Yield();
        }

        await CancelScope.WithTokenAsync(source.Token, CancelBothAsync);
        using var fresh = new CancellationTokenSource();
        var failure = await ThrowsAsync<ScopeCanceledException>(async () => await CancelScope.WithTokenAsync(fresh.Token, async scope =>
        {
            await CancelBothAsync(scope);
            return 1;
        }));
        Assert.Equal("by hand", failure.Reason);
    });

    [Fact]
    public void A_token_that_is_never_cancelled_changes_nothing() => VirtualTime.Run(async () =>
        Assert.Equal(1, await CancelScope.WithTokenAsync(CancellationToken.None, _ => ValueAfterAsync(Second, 1))));

    [Fact]
    public void A_failure_of_the_body_is_thrown_although_the_token_was_cancelled() => VirtualTime.Run(async () =>
    {
        using var source = new CancellationTokenSource();
        source.Cancel();
        await ThrowsAsync<FormatException>(() => CancelScope.WithTokenAsync(source.Token, _ => FailWhenCancelledAsync(new FormatException())));
    });

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Trait("rule", "11")]
    public void A_deadline_that_the_body_sets_times_out(bool hasResult) => VirtualTime.Run(async () =>
    {
        using var source = new CancellationTokenSource();
        var failure = await ThrowsAsync<TimeoutException>(async () =>
        {
            if (hasResult)
            {
                await CancelScope.WithTokenAsync(source.Token, async Coroutine<int> (scope) =>
                {
                    await SleepAsync(scope);
                    return 1;
                });
            }
            else
            {
                await CancelScope.WithTokenAsync(source.Token, SleepAsync);
            }
        });
        Assert.Equal("The operation did not complete within 1 s.", failure.Message);

        static async Coroutine SleepAsync(CancelScope scope)
        {
            scope.CancelAfter(Second);
            await Coroutine.Delay(Hour);
        }
    });
}
