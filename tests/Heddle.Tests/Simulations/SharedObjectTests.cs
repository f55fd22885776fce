using System.Net;
using Heddle.Testing;

namespace Heddle.Tests.Simulations;

/// <summary>Machines share no memory: a lock or a queue that tasks of two hosts meet at is refused.</summary>
public class SharedObjectTests
{
    [Fact]
    public void A_queue_that_two_hosts_share_is_refused_with_both_names_and_the_await()
    {
        var failure = Assert.Throws<SimulationFailedException>(() => Simulation.Explore(async world =>
        {
            var orders = new AsyncQueue<int>();
            world.AddHost("bank", async () => await orders.GetAsync());
            await world.AddHost("shop").RunAsync(async () =>
            {
                await Coroutine.Yield();
                await orders.PutAsync(1);
            });
        }));
        Assert.StartsWith("The hosts 'shop' and 'bank' share an object", failure.Message);
        Assert.Contains("GetAsync", failure.Message.Split('\n')[0]);
    }

    [Fact]
    public void A_lock_that_two_hosts_share_is_refused_once_they_meet_at_it_in_some_order()
    {
        var failure = Assert.Throws<SimulationFailedException>(() => Simulation.Explore(async world =>
        {
            var gate = new AsyncLock();
            var (one, other) = (world.AddHost("one"), world.AddHost("other"));
            await Coroutine.WhenAll(one.RunAsync(WorkAsync), other.RunAsync(WorkAsync));

            async Coroutine WorkAsync()
            {
                using (await gate.LockAsync())
                {
                    await Coroutine.Yield();
                }
            }
        }));
        Assert.StartsWith("The hosts '", failure.Message);
        Assert.Contains("'one'", failure.Message);
        Assert.Contains("'other'", failure.Message);
    }

    [Fact]
    public void Tasks_of_one_host_and_the_test_itself_share_what_they_like()
        => Simulation.Explore(
            async world =>
            {
                var orders = new AsyncQueue<int>();
                var answers = new AsyncQueue<int>();
                var host = world.AddHost("host", async () =>
                {
                    var own = new AsyncQueue<int>();
                    await TaskGroup.RunAsync(async group =>
                    {
                        group.Start(async () => await answers.PutAsync(await own.GetAsync()));
                        await own.PutAsync(await orders.GetAsync());
                    });
                });
                await Coroutine.Yield();
                await orders.PutAsync(1);
                Assert.Equal(1, await answers.GetAsync());
            },
            new() { Runs = 200 });

    [Fact]
    public void What_is_sent_a_name_a_crash_and_a_host_that_another_one_stops_are_no_shared_objects()
        => Simulation.Explore(
            async world =>
            {
                world.Faults = SimulationFaults.Network | SimulationFaults.Crash;
                var bank = world.AddHost("bank", ServeAsync);
                await world.AddHost("shop").RunAsync(async () =>
                {
                    for (var i = 0; i < 3; i++)
                    {
                        try
                        {
                            await using var connection = await TcpConnection.ConnectAsync("bank", 80).WithTimeout(TimeSpan.FromSeconds(20));
                            connection.Writer.Write("hello\n");
                            await connection.Reader.ReadLineAsync().WithTimeout(TimeSpan.FromSeconds(20));
                        }
                        catch (Exception failure) when (failure is ConnectionException or TimeoutException)
                        {
                            world.Sometimes(true, "a fault shows");
                        }
                    }

                    await bank.StopAsync();
                });
            },
            new() { Runs = 500, Time = Timeout.InfiniteTimeSpan });

    private static async Coroutine ServeAsync()
    {
        await using var server = TcpServer.Start(new(IPAddress.Any, 80), async connection =>
        {
            while (await connection.Reader.ReadLineAsync() is { } line)
            {
                connection.Writer.Write($"{line}\n");
                await connection.Writer.FlushAsync();
            }
        });
        await Coroutine.Delay(Timeout.InfiniteTimeSpan);
    }
}
