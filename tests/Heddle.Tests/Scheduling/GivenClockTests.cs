using Heddle.LowLevel;
using Microsoft.Extensions.Time.Testing;

namespace Heddle.Tests.Scheduling;

/// <summary>A loop whose clock somebody else moves.</summary>
public class GivenClockTests
{
    /// <summary>In each of them two threads wait for each other, which takes its time on a busy machine.</summary>
    private const int Rounds = 10_000;

    private static readonly TimeSpan s_hour = TimeSpan.FromHours(1);

    [Fact]
    public async Task Moving_the_clock_wakes_what_is_due_by_then()
    {
        var clock = new FakeTimeProvider();
        using var loop = new EventLoopThread(new() { Clock = clock });
        var asleep = new TaskCompletionSource();
        var sleeper = loop.RunAsync(async () =>
        {
            asleep.SetResult();
            await Coroutine.Delay(s_hour);
            return EventLoop.Current.Now;
        });

        // Real: another thread's loop.
        await asleep.Task;
        while (!loop.Loop.ToString().Contains("1 timers"))
        {
            await Task.Yield();
        }

        clock.Advance(s_hour / 2);
        Assert.False(sleeper.IsCompleted);
        clock.Advance(s_hour / 2);
        Assert.Equal(s_hour, await sleeper);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public async Task However_the_move_meets_the_loop_on_its_way_to_sleep_nothing_is_lost(int autoAdvance)
    {
        var clock = new FakeTimeProvider { AutoAdvanceAmount = TimeSpan.FromMilliseconds(autoAdvance) };
        using var loop = new EventLoopThread(new() { Clock = clock });
        var delay = TimeSpan.FromSeconds(1);
        for (var round = 0; round < Rounds; round++)
        {
            using var begun = new SemaphoreSlim(0);
            var sleeper = loop.RunAsync(async () =>
            {
                begun.Release();
                await Coroutine.Delay(delay);
            });

            // Real: the race is the point.
            await begun.WaitAsync(CancellationToken.None);
            Thread.SpinWait(round % 200);
            clock.Advance(delay / 2);

            // Its delay counts from when the loop has come to it, which may be after that.
            while (!sleeper.IsCompleted)
            {
                clock.Advance(delay);
                await Task.Yield();
            }
        }
    }

    [Fact]
    public async Task A_single_move_ends_a_delay_that_has_begun_however_it_meets_the_loop()
    {
        var clock = new FakeTimeProvider();
        using var loop = new EventLoopThread(new() { Clock = clock });
        for (var round = 0; round < Rounds; round++)
        {
            var set = new TaskCompletionSource();
            var rang = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            loop.Loop.Post(() =>
            {
                var timer = new LoopTimer(EventLoop.Current, rang.SetResult);
                timer.Schedule(s_hour);
                set.SetResult();
            });

            // Real: the clock is moved while the loop goes to sleep, and no second time.
            await set.Task;
            clock.Advance(s_hour);
            await rang.Task.WaitAsync(TimeSpan.FromMinutes(1), CancellationToken.None);
        }
    }

    [Fact]
    public async Task A_clock_that_steps_back_does_no_harm()
    {
        var clock = new SteppingClock();
        using var loop = new EventLoopThread(new() { Clock = clock });
        await loop.RunAsync(async () =>
        {
            await Coroutine.Delay(TimeSpan.FromMilliseconds(10));
            var before = EventLoop.Current.Now;
            clock.Step(-s_hour);
            Assert.True(EventLoop.Current.Now >= before);

            // Real: ten milliseconds, and not the hour that the clock went back.
            await Coroutine.Delay(TimeSpan.FromMilliseconds(10));
            clock.Step(-s_hour * 1000);

            // Real: the same, by a timer of the loop's clock.
            await Task.Delay(TimeSpan.FromMilliseconds(10), EventLoop.Current.Clock, CancellationToken.None);
        });
    }

    [Fact]
    public void A_clock_without_timers_of_its_own_ends_the_run_with_what_it_throws()
    {
        var failure = Assert.Throws<NotSupportedException>(() => EventLoop.Run(
            async () => await Coroutine.Delay(s_hour), new() { Clock = new NoTimers(), OnReport = _ => { } }));
        Assert.Equal("no timers", failure.Message);
    }

    private sealed class SteppingClock : TimeProvider
    {
        private long _offset;

        public override long GetTimestamp() => System.GetTimestamp() + Volatile.Read(ref _offset);

        internal void Step(TimeSpan by) => Interlocked.Add(ref _offset, (long)(by.TotalSeconds * TimestampFrequency));
    }

    private sealed class NoTimers : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => throw new NotSupportedException("no timers");
    }
}
