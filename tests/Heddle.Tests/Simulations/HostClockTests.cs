using Heddle.Testing;

namespace Heddle.Tests.Simulations;

/// <summary>The date and the time of day of simulated hosts, which run fast or slow.</summary>
public class HostClockTests
{
    [Fact]
    public void A_hosts_time_of_day_runs_fast_or_slow_and_its_timers_do_not()
        => Simulation.Explore(
            static async world =>
            {
                var (fast, slow) = (world.AddHost("fast"), world.AddHost("slow"));
                fast.ClockDrift = 1000;
                slow.ClockDrift = -500;
                await Coroutine.Delay(TimeSpan.FromSeconds(1000));
                Assert.Equal(TimeSpan.FromSeconds(1), await AheadAsync(fast));
                Assert.Equal(TimeSpan.FromSeconds(-0.5), await AheadAsync(slow));

                // What it is before stays, and grows no more.
                fast.ClockDrift = 0;
                await fast.RunAsync(static () => Coroutine.Delay(TimeSpan.FromSeconds(1000)));
                Assert.Equal(TimeSpan.FromSeconds(2000), EventLoop.Current.Now);
                Assert.Equal(TimeSpan.FromSeconds(1), await AheadAsync(fast));

                slow.Crash();
                await Coroutine.Delay(TimeSpan.FromSeconds(1000));
                slow.Start();
                await Coroutine.Delay(TimeSpan.FromSeconds(1000));
                Assert.Equal(TimeSpan.FromSeconds(-2), await AheadAsync(slow));
                Assert.Throws<ArgumentOutOfRangeException>(() => slow.ClockDrift = -1_000_000);
            },
            new() { Runs = 20 });

    [Fact]
    public void A_lease_that_two_hosts_measure_by_their_own_clocks_is_found_held_by_both_when_these_drift()
    {
        var failure = Assert.Throws<SimulationFailedException>(() => Simulation.Explore(static async world =>
        {
            world.Faults = SimulationFaults.ClockDrift;
            var holders = new HashSet<string>();
            var end = EventLoop.Current.Clock.GetUtcNow() + TimeSpan.FromHours(1);
            world.Always(() => holders.Count < 2, "one holds the lease");
            world.AddHost("first", async () =>
            {
                holders.Add("first");
                await UntilAsync(end);
                holders.Remove("first");
            });
            world.AddHost("second", async () =>
            {
                // A second is enough for what is measured by one clock.
                await UntilAsync(end + TimeSpan.FromSeconds(1));
                holders.Add("second");
            });
            await Coroutine.Delay(TimeSpan.FromHours(2));
        }));
        Assert.StartsWith("Always \"one holds the lease\"", failure.Message);
        Assert.Contains("fault: clock-drift of ", failure.Message);

        static async Coroutine UntilAsync(DateTimeOffset time)
        {
            while (EventLoop.Current.Clock.GetUtcNow() < time)
            {
                await Coroutine.Delay(TimeSpan.FromMilliseconds(100) + ((time - EventLoop.Current.Clock.GetUtcNow()) / 2));
            }
        }
    }

    private static async Coroutine<TimeSpan> AheadAsync(SimulatedHost host)
        => await host.RunAsync(async () =>
        {
            await Coroutine.Yield();
            return EventLoop.Current.Clock.GetUtcNow();
        }) - EventLoop.Current.Clock.GetUtcNow();
}
