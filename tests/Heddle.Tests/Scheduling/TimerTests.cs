using Heddle.LowLevel;
using Heddle.Testing;

namespace Heddle.Tests.Scheduling;

public class TimerTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Timers_fire_by_their_time_and_then_in_the_order_of_setting(int seed) => VirtualTime.Run(async () =>
    {
        // A sorted list is the model; the wheel must agree, whatever is set and cancelled in between.
        var random = new Random(seed);
        var loop = EventLoop.Current;
        var model = new List<(TimeSpan Due, int Id)>();
        var fired = new List<(TimeSpan At, int Id)>();
        var timers = new Dictionary<int, LoopTimer>();
        long[] reaches = [10, 100, 5_000, 300_000, 20_000_000, 2_000_000_000, 300_000_000_000];
        for (var id = 0; id < 3_000; id++)
        {
            var number = id;
            var delay = TimeSpan.FromMilliseconds(random.NextInt64(reaches[random.Next(reaches.Length)]) + 1);
            var timer = timers[id] = new LoopTimer(loop, () => fired.Add((loop.Now, number)));
            timer.Schedule(delay);
            model.Add((loop.Now + delay, id));
            if (random.Next(4) == 0)
            {
                var victim = model[random.Next(model.Count)];
                timers[victim.Id].Cancel();
                if (victim.Due > loop.Now)
                {
                    model.Remove(victim);
                }
            }

            if (random.Next(10) == 0)
            {
                await Coroutine.Delay(TimeSpan.FromMilliseconds(random.Next(200) + 1));
            }
        }

        await Coroutine.Delay(TimeSpan.FromDays(10_000));
        Assert.Equal(model.OrderBy(m => m.Due).ThenBy(m => m.Id).Select(m => m.Id), fired.Select(f => f.Id));
        Assert.All(fired.Zip(model.OrderBy(m => m.Due).ThenBy(m => m.Id)), pair => Assert.Equal(pair.Second.Due, pair.First.At));
    });

    [Fact]
    public void A_delay_never_ends_early_and_is_rounded_up_to_a_millisecond() => VirtualTime.Run(async () =>
    {
        await Coroutine.Delay(TimeSpan.FromMicroseconds(1_200));
        Assert.Equal(TimeSpan.FromMilliseconds(2), EventLoop.Current.Now);
        await Coroutine.Delay(TimeSpan.FromTicks(1));
        Assert.Equal(TimeSpan.FromMilliseconds(3), EventLoop.Current.Now);
    });

    [Fact]
    public void A_delay_of_zero_gives_others_their_turn_and_takes_no_time() => VirtualTime.Run(async () =>
    {
        var turn = false;
        _ = LoopTask.Start(async () => turn = true);
        await Coroutine.Delay(TimeSpan.Zero);
        Assert.True(turn);
        Assert.Equal(TimeSpan.Zero, EventLoop.Current.Now);
    });

    [Fact]
    public void A_timer_can_be_set_again_also_in_its_own_callback() => VirtualTime.Run(async () =>
    {
        var times = new List<double>();
        LoopTimer? timer = null;
        timer = new LoopTimer(EventLoop.Current, () =>
        {
            times.Add(EventLoop.Current.Now.TotalMilliseconds);
            if (times.Count < 3)
            {
                timer!.Schedule(TimeSpan.Zero);
            }
        });
        timer.Schedule(TimeSpan.FromMilliseconds(10));
        timer.Schedule(TimeSpan.FromMilliseconds(5));
        Assert.True(timer.IsScheduled);
        await Coroutine.Delay(TimeSpan.FromSeconds(1));
        Assert.Equal([5, 6, 7], times);
        Assert.False(timer.IsScheduled);
    });

    [Fact]
    public void A_timer_can_cancel_another_that_is_due_at_the_same_moment() => VirtualTime.Run(async () =>
    {
        var fired = false;
        var second = new LoopTimer(EventLoop.Current, () => fired = true);
        var first = new LoopTimer(EventLoop.Current, second.Cancel);
        first.Schedule(TimeSpan.FromSeconds(1));
        second.Schedule(TimeSpan.FromSeconds(1));
        await Coroutine.Delay(TimeSpan.FromSeconds(2));
        Assert.False(fired);
    });

    [Fact]
    public void What_a_timers_callback_throws_is_reported_and_the_loop_goes_on()
    {
        var reports = new List<LoopReport>();
        VirtualTime.Run(
            async () =>
            {
                new LoopTimer(EventLoop.Current, () => throw new InvalidTimeZoneException()).Schedule(TimeSpan.FromSeconds(1));
                await Coroutine.Delay(TimeSpan.FromSeconds(2));
            },
            new() { OnReport = reports.Add });
        Assert.Equal(LoopReportKind.CallbackFailed, Assert.Single(reports).Kind);
    }

    [Fact]
    public void Times_beyond_all_measure_do_not_overflow() => VirtualTime.Run(async () =>
    {
        Assert.False(await CancelScope.MoveOnAfterAsync(TimeSpan.FromSeconds(1), _ => Coroutine.Delay(TimeSpan.MaxValue)));
        await Coroutine.Completed.WithTimeout(TimeSpan.MaxValue);
    });
}
