using Heddle.Testing;

namespace Heddle.Tests.Structure;

/// <summary>Defects of combinators that a critical reading found, each with the program that showed it.</summary>
public class CuredCombinatorDefectTests
{
    private static void Run(Func<Coroutine> body, List<LoopReport>? reports = null)
        => VirtualTime.Run(body, new() { OnReport = r => reports?.Add(r), IdleGrace = TimeSpan.FromMilliseconds(1) });

    [Fact]
    public void A_races_result_is_not_lost_to_a_cancellation_in_the_same_turn() => Run(async () =>
    {
        int? got = null;
        var src = new CoroutineSource<int>();
        await CancelScope.RunAsync(async s =>
        {
            _ = LoopTask.Start(async () => { await Coroutine.Delay(Expect.Second); src.SetResult(7); await Coroutine.Yield(); s.Cancel(); });
            async Coroutine<int> A() => await src;
            async Coroutine<int> B() { await Coroutine.Delay(Expect.Hour); return 2; }
            got = await Coroutine.Race(A(), B());
        });
        Assert.Equal(7, got);
    });

    [Fact]
    public void A_spent_coroutine_among_those_of_WhenEach_leaves_no_task() => Run(async () =>
    {
        async Coroutine<int> A() { await Coroutine.Delay(Expect.Hour); return 1; }
        var a = A();
        await Expect.ThrowsAsync<InvalidOperationException>(async () =>
        {
            await foreach (var t in Coroutine.WhenEach(a, a)) { }
        });
        await Coroutine.Yield();
        await Coroutine.Yield();
        Assert.Equal(["main"], EventLoop.Current.Tasks.Select(t => t.Name));
    });

    [Fact]
    public void A_failure_in_the_clean_up_of_a_cancelled_WhenAllSettled_is_not_silent()
    {
        var reports = new List<LoopReport>();
        Run(async () =>
        {
            async Coroutine Bad() { try { await Coroutine.Delay(Expect.Hour); } finally { throw new FormatException("lost"); } }
            await CancelScope.MoveOnAfterAsync(Expect.Second, async _ => await Coroutine.WhenAllSettled(Bad(), Coroutine.Delay(Expect.Hour)));
        }, reports);
        Assert.Single(reports);
    }

    [Fact]
    public void A_spent_coroutine_in_WhenAll_or_Race_hides_no_failure_and_no_result()
    {
        var reports = new List<LoopReport>();
        Run(async () =>
        {
            async Coroutine Bad() { try { await Coroutine.Delay(Expect.Hour); } finally { throw new FormatException("lost"); } }
            var spent = Bad();
            await Expect.ThrowsAsync<FormatException>(() => spent.WithTimeout(TimeSpan.Zero));
            await Expect.ThrowsAsync<InvalidOperationException>(() => Coroutine.WhenAll(Bad(), spent));
            await Expect.ThrowsAsync<InvalidOperationException>(async () => await Coroutine.WhenAllSettled(Bad(), spent));
            await Expect.ThrowsAsync<InvalidOperationException>(() => Coroutine.Race(Bad(), spent));
        }, reports);
        Assert.Equal(3, reports.Count);
    }

    [Fact]
    public void A_result_is_not_lost_because_one_task_was_cancelled_alone() => Run(async () =>
    {
        var n = 0;
        await CancelScope.RunAsync(async outer =>
        {
            n = await TaskGroup.RunAsync(async Coroutine<int> (g) =>
            {
                var c = g.Start(Coroutine.Delay(Expect.Hour));
                await Coroutine.Yield();
                c.Cancel();
                await LoopTask.WhenAny(c);
                outer.Cancel();
                return 5;
            });
        });
        Assert.Equal(5, n);
    });

    [Fact]
    public void What_a_loser_got_is_disposed_of_under_a_shield()
    {
        var reports = new List<LoopReport>();
        var disposed = false;
        Run(async () =>
        {
            async Coroutine<SlowlyDisposed> A() { await CancelScope.ShieldAsync(() => Coroutine.Delay(Expect.Second)); return new SlowlyDisposed(() => disposed = true); }
            async Coroutine<SlowlyDisposed> B() { await Coroutine.Yield(); return new SlowlyDisposed(() => { }); }
            await CancelScope.MoveOnAfterAsync(Expect.Second / 2, async _ => await Coroutine.Race(A(), B()));
        }, reports);
        Assert.True(disposed);
        Assert.Empty(reports);
    }

    private sealed class SlowlyDisposed(Action onDisposed) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync() { await Coroutine.Delay(Expect.Second); onDisposed(); }
    }
}
