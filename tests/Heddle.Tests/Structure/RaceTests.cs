using Heddle.Testing;
using static Heddle.Tests.Expect;

namespace Heddle.Tests.Structure;

public class RaceTests
{
    [Fact]
    public void The_first_result_wins_and_the_others_are_cancelled() => VirtualTime.Run(async () =>
    {
        Assert.Equal("quick", await Coroutine.Race(ValueAfterAsync(Second * 2, "slow"), ValueAfterAsync(Second, "quick")));
        Assert.Equal(Second, EventLoop.Current.Now);
        Assert.Equal(["main"], EventLoop.Current.Tasks.Select(task => task.Name));
    });

    [Fact]
    public void A_failure_that_comes_first_wins_too() => VirtualTime.Run(async () =>
    {
        var cancelled = false;
        await ThrowsAsync<FormatException>(() => Coroutine.Race(FailAfterAsync(Second, new FormatException()), WatchedAsync()));
        Assert.True(cancelled);

        async Coroutine WatchedAsync()
        {
            try
            {
                await Coroutine.Delay(Hour);
            }
            finally
            {
                cancelled = true;
            }
        }
    });

    [Fact]
    [Trait("pitfall", "11")]
    public void Of_two_that_end_in_one_turn_the_earlier_wins_and_the_other_result_is_disposed_of() => VirtualTime.RunInOrder(async () =>
    {
        var resources = new[] { new Resource(), new Resource() };
        var gate = new CoroutineSource<int>();
        async Coroutine<Resource> OpenAsync(int i)
        {
            await gate;
            return resources[i];
        }

        _ = LoopTask.Start(async () =>
        {
            await Coroutine.Delay(Second);
            gate.SetResult(0);
        });
        Assert.Same(resources[0], await Coroutine.Race(OpenAsync(0), OpenAsync(1)));
        Assert.Equal([false, true], resources.Select(resource => resource.IsDisposed));
    });

    [Fact]
    [Trait("rule", "13")]
    [Trait("pitfall", "11")]
    public void What_a_loser_gets_while_it_is_being_cancelled_is_disposed_of() => VirtualTime.Run(async () =>
    {
        var late = new Resource();
        Assert.Null(await Coroutine.Race(
            ValueAfterAsync<Resource?>(Second, null),
            CancelScope.ShieldAsync(() => ValueAfterAsync<Resource?>(Second * 2, late))));
        Assert.True(late.IsDisposed);
        Assert.Equal(Second * 2, EventLoop.Current.Now);
    });

    [Fact]
    [Trait("rule", "17")]
    public void A_result_that_cannot_be_disposed_of_is_reported()
    {
        var reports = new List<LoopReport>();
        VirtualTime.Run(
            async () => await Coroutine.Race(
                Coroutine.FromResult<IDisposable>(new Resource()), Coroutine.FromResult<IDisposable>(new Resource { Failure = new FormatException("stuck") })),
            new() { OnReport = reports.Add });
        Assert.Equal("stuck", Assert.Single(reports).Exception!.Message);
    }

    [Fact]
    [Trait("rule", "8")]
    public void A_cancellation_from_outside_ends_the_race_without_a_winner() => VirtualTime.Run(async () =>
    {
        Assert.True((await CancelScope.MoveOnAfterAsync(Second, async _ => await Coroutine.Race(
            ValueAfterAsync(Hour, 1), ValueAfterAsync(Hour, 2)))).IsCanceled);
        Assert.Equal(["main"], EventLoop.Current.Tasks.Select(task => task.Name));
    });

    [Fact]
    public void A_racer_that_cancels_itself_leaves_the_race_to_the_others() => VirtualTime.Run(async () =>
    {
        async Coroutine<int> GiveUpAsync()
        {
            LoopTask.Current!.Cancel("gave up");
            return await ValueAfterAsync(Second, 1);
        }

        Assert.Equal(2, await Coroutine.Race(GiveUpAsync(), ValueAfterAsync(Second, 2)));
        Assert.Equal("gave up", (await ThrowsAsync<LoopTaskCanceledException>(async () => await Coroutine.Race(GiveUpAsync(), GiveUpAsync()))).Reason);
    });

    [Fact]
    public void A_race_of_nobody_is_an_error() => VirtualTime.Run(async () =>
    {
        await ThrowsAsync<ArgumentException>(async () => await Coroutine.Race(Array.Empty<Coroutine<int>>()));
        await ThrowsAsync<ArgumentException>(() => Coroutine.Race(Array.Empty<Coroutine>()));
    });

    [Fact]
    public void The_same_coroutine_twice_is_an_error_and_the_first_is_cancelled() => VirtualTime.Run(async () =>
    {
        var cancelled = false;
        async Coroutine WatchedAsync()
        {
            try
            {
                await Coroutine.Delay(Hour);
            }
            finally
            {
                cancelled = true;
            }
        }

        var coroutine = WatchedAsync();
        await ThrowsAsync<InvalidOperationException>(() => Coroutine.Race(coroutine, coroutine));
        Assert.True(cancelled);
        Assert.Equal(TimeSpan.Zero, EventLoop.Current.Now);
    });

    private sealed class Resource : IDisposable
    {
        internal bool IsDisposed { get; private set; }

        internal Exception? Failure { get; init; }

        public void Dispose()
        {
            IsDisposed = true;
            if (Failure is not null)
            {
                throw Failure;
            }
        }
    }
}
