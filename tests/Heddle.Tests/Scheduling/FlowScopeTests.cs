using Heddle.Testing;

namespace Heddle.Tests.Scheduling;

/// <summary>A flow of foreign code belongs to the scope that it began in, wherever the task is when it goes on.</summary>
public class FlowScopeTests
{
    private static readonly TimeSpan s_second = TimeSpan.FromSeconds(1);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Trait("rule", "4")]
    public void A_scope_that_the_task_entered_later_does_not_cancel_the_flow(bool hops) => VirtualTime.Run(async () =>
    {
        var flow = FlowAsync(hops);
        await CancelScope.RunAsync(async inner =>
        {
            inner.Cancel();
            await flow;
        });
        Assert.True(flow.IsCompletedSuccessfully);
    });

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Trait("rule", "4")]
    public void A_scope_that_was_cancelled_and_left_still_cancels_the_flow_that_began_in_it(bool hops) => VirtualTime.Run(async () =>
    {
        Task flow = null!;
        await CancelScope.RunAsync(async scope =>
        {
            flow = FlowAsync(hops);
            await Coroutine.Delay(s_second / 2);
            scope.Cancel("enough");
        });
        var failure = await Assert.ThrowsAsync<ScopeCanceledException>(() => flow);
        Assert.Equal("enough", failure.Reason);
    });

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Trait("rule", "4")]
    public void A_scope_that_was_left_in_peace_hands_the_flow_to_the_scope_around_it(bool hops) => VirtualTime.Run(async () =>
    {
        Task flow = null!;
        await CancelScope.RunAsync(async outer =>
        {
            await CancelScope.RunAsync(_ =>
            {
                flow = FlowAsync(hops);
                return Coroutine.Completed;
            });
            await Coroutine.Delay(s_second * 1.5);
            outer.Cancel("enough");
        });
        var failure = await Assert.ThrowsAsync<ScopeCanceledException>(() => flow);
        Assert.Equal("enough", failure.Reason);
    });

    [Fact]
    [Trait("rule", "4")]
    public void The_flow_sees_its_own_scope_as_the_current_one() => VirtualTime.Run(async () =>
    {
        CancelScope? seen = null;
        async Task LookAsync()
        {
            await Task.Yield();
            seen = CancelScope.Current;
        }

        await CancelScope.RunAsync(async outer =>
        {
            var flow = LookAsync();
            await CancelScope.RunAsync(async _ => await flow);
            Assert.Same(outer, seen);
        });
    });

    /// <summary>Two waits of a second, with nothing or a hop through the context between them.</summary>
    private static async Task FlowAsync(bool hops)
    {
        await Coroutine.Delay(s_second);
        if (hops)
        {
            await Task.Yield();
        }

        await Coroutine.Delay(s_second);
    }
}
