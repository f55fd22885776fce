using Heddle.Testing;
using static Heddle.Tests.Expect;

namespace Heddle.Tests.Structure;

/// <summary>To whom an <see cref="OperationCanceledException"/> of foreign code belongs.</summary>
public class ForeignCancellationTests
{
    [Theory]
    [InlineData(true, false, true)]
    [InlineData(false, true, false)]
    [InlineData(false, false, false)]
    [Trait("rule", "8")]
    [Trait("pitfall", "3")]
    public void It_is_the_inner_scopes_only_if_a_token_from_inside_it_was_handed_out(bool handsOutInner, bool handsOutOuter, bool isSwallowed)
        => VirtualTime.Run(async () =>
        {
            async Coroutine<bool> InnerAsync(CancelScope outer) => await CancelScope.RunAsync(async inner =>
            {
                _ = handsOutOuter ? outer.Token : default;
                _ = handsOutInner ? inner.Token : default;
                inner.Cancel();
                throw new OperationCanceledException();
            });

            await CancelScope.RunAsync(async outer =>
            {
                if (isSwallowed)
                {
                    Assert.False(await InnerAsync(outer));
                }
                else
                {
                    await ThrowsAsync<OperationCanceledException>(async () => await InnerAsync(outer));
                }

                Assert.False(outer.IsCanceled);
            });
        });

    [Fact]
    [Trait("rule", "8")]
    public void Through_the_token_of_an_inner_scope_it_is_the_cancelled_outer_ones() => VirtualTime.Run(async () =>
    {
        var goneOn = false;
        Assert.False(await CancelScope.RunAsync(async outer =>
        {
            await CancelScope.RunAsync(async inner =>
            {
                var token = inner.Token;
                outer.Cancel("outer");
                await Coroutine.Completed;

                // Real: the token is cancelled by the loop, so the wait ends at once.
                await Task.Delay(Timeout.Infinite, token);
            });
            goneOn = true;
        }));
        Assert.False(goneOn);
    });

    [Fact]
    [Trait("rule", "8")]
    public void In_a_scope_that_is_not_cancelled_it_is_a_failure_even_when_the_token_was_handed_out() => VirtualTime.Run(async () =>
        await ThrowsAsync<TaskCanceledException>(() => CancelScope.RunAsync(async scope =>
        {
            _ = scope.Token;
            throw new TaskCanceledException();
        })));

    [Fact]
    [Trait("rule", "8")]
    public void Behind_a_shield_it_is_a_failure() => VirtualTime.Run(() => CancelScope.RunAsync(async outer =>
    {
        _ = outer.Token;
        outer.Cancel();
        await ThrowsAsync<TaskCanceledException>(() => CancelScope.ShieldAsync(() => Coroutine.FromException(new TaskCanceledException())));
    }));

    [Fact]
    [Trait("rule", "8")]
    public void A_group_whose_task_ends_by_it_has_not_failed_if_it_was_cancelled() => VirtualTime.Run(async () =>
    {
        await TaskGroup.RunAsync(async group =>
        {
            var token = group.Scope.Token;

            // Real, but for ever: only the token ends it.
            var task = group.Start(async () => await Task.Delay(Timeout.Infinite, token));
            await Coroutine.Yield();
            group.Cancel();
            await CancelScope.ShieldAsync(async () => await LoopTask.WhenAny(task));
            Assert.True(task.IsCanceled);
        });
    });

    [Fact]
    [Trait("rule", "16")]
    public void A_group_whose_task_ends_by_it_has_failed_if_it_was_not_cancelled() => VirtualTime.Run(async () =>
    {
        var failure = await ThrowsAsync<AggregateException>(() => TaskGroup.RunAsync(async group =>
        {
            _ = group.Scope.Token;
            _ = group.Start(Coroutine.FromException(new TaskCanceledException()));
        }));
        Assert.True(failure.TryFind<TaskCanceledException>(out _));
    });

    [Fact]
    [Trait("rule", "10")]
    public void A_token_made_in_a_cancelled_scope_is_cancelled_from_the_start() => VirtualTime.Run(() => CancelScope.RunAsync(async outer =>
    {
        outer.Cancel();
        await CancelScope.RunAsync(async inner => Assert.True(inner.Token.IsCancellationRequested));
        await CancelScope.ShieldAsync(async () => Assert.False(CancelScope.Current.Token.IsCancellationRequested));
    }));

    [Fact]
    [Trait("rule", "10")]
    public void Cancelling_an_outer_scope_cancels_the_tokens_inside_but_not_those_behind_a_shield() => VirtualTime.Run(() => CancelScope.RunAsync(outer =>
        CancelScope.RunAsync(async inner =>
        {
            var outerToken = outer.Token;
            var innerToken = inner.Token;
            await CancelScope.ShieldAsync(async () =>
            {
                var shielded = CancelScope.Current.Token;
                outer.Cancel();
                Assert.False(innerToken.IsCancellationRequested);
                await Coroutine.Yield();
                Assert.True(innerToken.IsCancellationRequested);
                Assert.True(outerToken.IsCancellationRequested);
                Assert.False(shielded.IsCancellationRequested);
            });
        })));

    [Fact]
    [Trait("rule", "10")]
    public void A_token_of_a_scope_that_was_left_is_never_cancelled() => VirtualTime.Run(async () =>
    {
        CancelScope? left = null;
        CancellationToken token = default;
        await CancelScope.MoveOnAfterAsync(Second, async scope =>
        {
            left = scope;
            token = scope.Token;
        });
        left!.Cancel();
        await Coroutine.Delay(Second * 2);
        Assert.False(token.IsCancellationRequested);
    });
}
