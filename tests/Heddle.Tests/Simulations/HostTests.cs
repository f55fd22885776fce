using System.Net;
using Heddle.Testing;

namespace Heddle.Tests.Simulations;

/// <summary>Machines of a simulated network: what runs on them, how they fail and come back, and what is between them.</summary>
public class HostTests
{
    private static readonly SimulationOptions s_short = new() { Runs = 100 };

    [Fact]
    public void Servers_and_clients_on_hosts_find_each_other_by_name_and_see_each_others_address()
        => Explore(async world =>
        {
            string? seen = null;
            var bank = world.AddHost("bank", () => ServeAsync(async connection =>
            {
                seen = connection.RemoteEndPoint!.ToString();
                await EchoAsync(connection);
            }));
            var shop = world.AddHost("shop");
            Assert.Equal("hello", await shop.RunAsync(() => AskAsync("bank", "hello")));
            Assert.StartsWith($"{shop.Address}:", seen);
            Assert.NotEqual(bank.Address, shop.Address);
        });

    [Fact]
    public void On_a_host_localhost_is_that_host()
        => Explore(async world =>
        {
            world.AddHost("one", () => ServeAsync(EchoAsync));
            var two = world.AddHost("two");
            await two.RunAsync(async () =>
            {
                Assert.Same(two, SimulatedHost.Current);
                await Assert.ThrowsAsync<ConnectionException>(async () => await AskAsync("localhost", "hello"));
                await using var own = TcpServer.Start(new(IPAddress.Loopback, 80), EchoAsync);
                Assert.Equal("mine", await AskAsync("localhost", "mine"));
            });
            Assert.Null(SimulatedHost.Current);
        });

    [Fact]
    public void A_host_that_crashes_runs_no_further_line_and_holds_nobody_up()
        => Explore(async world =>
        {
            var lines = new List<string>();
            var host = world.AddHost("host", async () =>
            {
                try
                {
                    lines.Add("begins");
                    await TaskGroup.RunAsync(async group =>
                    {
                        group.Start(async () =>
                        {
                            await Coroutine.Delay(TimeSpan.FromHours(1));
                            lines.Add("goes on in the group");
                        });
                        await Coroutine.Delay(TimeSpan.FromHours(1));
                        lines.Add("goes on");
                    });
                }
                finally
                {
                    lines.Add("cleans up");
                }
            });
            await Coroutine.Delay(TimeSpan.FromSeconds(1));
            host.Crash();
            await Coroutine.Delay(TimeSpan.FromHours(2));
            Assert.Equal(["begins"], lines);
            Assert.False(host.IsUp);
            Assert.True(EventLoop.Current.Tasks is [_], "tasks are left");
        });

    [Fact]
    public void After_a_crash_what_is_left_at_the_end_is_cancelled_as_ever()
    {
        var ended = 0;
        Simulation.Explore(
            async world =>
            {
                var host = world.AddHost("host");
                for (var i = 0; i < 2; i++)
                {
                    _ = LoopTask.Start(host.RunAsync(() => TaskGroup.RunAsync(async group =>
                    {
                        group.Start(async () =>
                        {
                            await CancelScope.RunAsync(_ => WaitAsync());
                        });
                        await Coroutine.Delay(Timeout.InfiniteTimeSpan);
                    })));
                    await Coroutine.Delay(TimeSpan.FromSeconds(1));
                    if (i == 0)
                    {
                        host.Crash();
                        await Coroutine.Delay(TimeSpan.FromSeconds(1));
                        host.Start();
                    }
                }
            },
            new() { Runs = 100, Tolerates = static report => report.Kind is LoopReportKind.Leftover or LoopReportKind.UnhandledFailure });
        Assert.True(ended >= 100, $"{ended} of at least 100 were cancelled");

        async Coroutine WaitAsync()
        {
            try
            {
                await Coroutine.Delay(Timeout.InfiniteTimeSpan);
            }
            finally
            {
                ended++;
            }
        }
    }

    [Fact]
    public void A_host_that_uses_no_network_crashes_and_comes_back_as_any_other()
    {
        var summary = Simulation.Explore(
            static async world =>
            {
                world.Faults = SimulationFaults.Crash;
                var begun = 0;
                world.AddHost("host", async () =>
                {
                    begun++;
                    await Coroutine.Delay(TimeSpan.FromMinutes(1));
                });
                await Coroutine.Delay(TimeSpan.FromHours(1));
                world.Sometimes(begun > 1, "it has come back");
            },
            new() { Runs = 100 });
        Assert.True(summary.Struck[SimulationFaults.Crash] > 0, summary.ToString());
        Assert.Empty(summary.NeverTrue);
    }

    [Fact]
    public void What_a_crashed_host_stood_in_line_for_goes_to_the_next()
        => Explore(async world =>
        {
            var gate = new AsyncLock();
            var host = world.AddHost("host");
            using (await gate.LockAsync())
            {
                var crashing = LoopTask.Start(host.RunAsync(async () =>
                {
                    using (await gate.LockAsync())
                    {
                        await Coroutine.Delay(Timeout.InfiniteTimeSpan);
                    }
                }));
                await Coroutine.Delay(TimeSpan.FromSeconds(1));
                host.Crash();
                var failure = await Assert.ThrowsAsync<HostCrashedException>(async () => await crashing);
                Assert.Equal("host", failure.Host);
            }

            using (await gate.LockAsync())
            {
                // It is free: who crashed was in the line and is no longer.
            }
        });

    [Fact]
    public void A_host_that_is_down_is_silent_and_resets_what_it_does_not_know_once_it_is_up()
        => Explore(async world =>
        {
            var starts = 0;
            var host = world.AddHost("host", () =>
            {
                starts++;
                return ServeAsync(EchoAsync);
            });
            await using var connection = await TcpConnection.ConnectAsync("host", 80);
            host.Crash();
            await Coroutine.Delay(TimeSpan.FromSeconds(1));
            connection.Writer.Write("hello\n");
            await connection.Writer.FlushAsync();
            await Assert.ThrowsAsync<TimeoutException>(async () => await connection.Reader.ReadLineAsync().WithTimeout(TimeSpan.FromMinutes(1)));
            host.Start();
            await Assert.ThrowsAsync<ConnectionException>(async () => await connection.Reader.ReadLineAsync().WithTimeout(TimeSpan.FromMinutes(1)));
            Assert.Equal(2, starts);
            Assert.Equal("again", await AskAsync("host", "again"));
        });

    [Fact]
    public void Who_connects_to_a_host_that_is_down_gets_through_when_it_is_up_again_or_gives_up()
        => Explore(async world =>
        {
            var host = world.AddHost("host", () => ServeAsync(EchoAsync));
            host.Crash();
            await Coroutine.Delay(TimeSpan.FromSeconds(1));
            var asking = LoopTask.Start(AskAsync("host", "hello"));
            await Coroutine.Delay(TimeSpan.FromSeconds(30));
            host.Start();
            Assert.Equal("hello", await asking);

            host.Crash();
            await Coroutine.Delay(TimeSpan.FromSeconds(1));
            var start = EventLoop.Current.Now;
            await Assert.ThrowsAsync<ConnectionException>(async () => await AskAsync("host", "hello"));
            Assert.True(EventLoop.Current.Now - start >= TimeSpan.FromSeconds(130));
        });

    [Fact]
    public void A_cut_link_holds_back_a_stream_and_loses_datagrams()
        => Explore(async world =>
        {
            world.AddHost("host", () => ServeAsync(EchoAsync));
            var link = world.Network.Between("host", "test");
            await using var connection = await TcpConnection.ConnectAsync("host", 80);
            link.Cut();
            Assert.True(link.IsCut);
            connection.Writer.Write("hello\n");
            await connection.Writer.FlushAsync();
            var reading = LoopTask.Start(connection.Reader.ReadLineAsync());
            await Coroutine.Delay(TimeSpan.FromMinutes(1));
            Assert.False(reading.IsCompleted);
            link.Heal();
            Assert.Equal("hello", await reading);
        });

    [Fact]
    public void A_link_that_is_cut_one_way_lets_the_other_through()
        => Explore(async world =>
        {
            var heard = new List<string>();
            world.AddHost("host", () => ServeAsync(async connection =>
            {
                while (await connection.Reader.ReadLineAsync() is { } line)
                {
                    heard.Add(line);
                    connection.Writer.Write($"{line}\n");
                    await connection.Writer.FlushAsync();
                }
            }));
            await using var connection = await TcpConnection.ConnectAsync("host", 80);
            world.Network.Between("host", "test").CutFrom("host");
            connection.Writer.Write("hello\n");
            await connection.Writer.FlushAsync();
            await Assert.ThrowsAsync<TimeoutException>(async () => await connection.Reader.ReadLineAsync().WithTimeout(TimeSpan.FromMinutes(1)));
            Assert.Equal(["hello"], heard);
            world.Network.Between("host", "test").Heal();
        });

    [Fact]
    public void A_link_takes_its_time_and_a_slow_one_takes_more_for_more()
        => Explore(async world =>
        {
            world.AddHost("host", () => ServeAsync(EchoAsync));
            var link = world.Network.Between("host", "test");
            await using var connection = await TcpConnection.ConnectAsync("host", 80);
            link.Latency = Latency.Fixed(TimeSpan.FromMilliseconds(40));
            Assert.Equal(TimeSpan.FromMilliseconds(80), await TimeOfAsync("hello"));
            link.BytesPerSecond = 1000;
            Assert.Equal(TimeSpan.FromMilliseconds(80 + (2 * 101)), await TimeOfAsync(new string('x', 100)));

            async Coroutine<TimeSpan> TimeOfAsync(string line)
            {
                var start = EventLoop.Current.Now;
                connection.Writer.Write($"{line}\n");
                await connection.Writer.FlushAsync();
                Assert.Equal(line, await connection.Reader.ReadLineAsync());
                return EventLoop.Current.Now - start;
            }
        });

    [Fact]
    public void The_latency_of_each_message_is_a_choice_within_its_bounds()
    {
        var times = new SortedSet<TimeSpan>();
        Simulation.Explore(
            async world =>
            {
                world.AddHost("host", () => ServeAsync(EchoAsync));
                world.Network.Between("host", "test").Latency = Latency.HeavyTail(TimeSpan.FromMilliseconds(1), TimeSpan.FromSeconds(1));
                await using var connection = await TcpConnection.ConnectAsync("host", 80);
                var start = EventLoop.Current.Now;
                connection.Writer.Write("hello\n");
                await connection.Writer.FlushAsync();
                await connection.Reader.ReadLineAsync();
                times.Add(EventLoop.Current.Now - start);
            },
            new() { Runs = 200, Deviations = 0 });
        Assert.Equal(TimeSpan.FromMilliseconds(2), times.Min);
        Assert.InRange(times.Max, TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(2));
        Assert.True(times.Count > 20, $"only {times.Count} times");
    }

    [Fact]
    public void At_the_end_of_the_body_hosts_are_stopped_and_may_clean_up()
        => Explore(async world =>
        {
            var cleaned = false;
            world.AddHost("host", async () =>
            {
                try
                {
                    await Coroutine.Delay(Timeout.InfiniteTimeSpan);
                }
                finally
                {
                    await CancelScope.ShieldAsync(TimeSpan.FromSeconds(5), async () =>
                    {
                        await Coroutine.Delay(TimeSpan.FromSeconds(1));
                        cleaned = true;
                    });
                }
            });
            world.Eventually(() => cleaned, "it cleans up");
            await Coroutine.Yield();
        });

    [Fact]
    public void A_host_whose_main_coroutine_fails_fails_the_run()
        => Assert.StartsWith("InvalidTimeZoneException", Assert.Throws<SimulationFailedException>(() => Simulation.Explore(async world =>
        {
            world.AddHost("host", async () =>
            {
                await Coroutine.Yield();
                throw new InvalidTimeZoneException();
            });
            await Coroutine.Delay(TimeSpan.FromMinutes(10));
        })).InnerException!.GetType().Name);

    [Fact]
    public void Errors_name_the_host_at_fault()
        => Explore(async world =>
        {
            world.AddHost("host");
            Assert.Contains("'host'", Assert.Throws<ArgumentException>(() => world.AddHost("host")).Message);
            Assert.Contains("'other'", Assert.Throws<ArgumentException>(() => world.Network.Between("host", "other")).Message);
            Assert.Contains("'host'", Assert.Throws<ArgumentException>(() => world.Network.Between("host", "host")).Message);
            Assert.Contains("'other'", Assert.Throws<ArgumentException>(() => world.Network.Between("host", "test").CutFrom("other")).Message);
            await Coroutine.Yield();
            Assert.Contains("SimulationWorld", Assert.Throws<InvalidOperationException>(() => new MemoryNetwork().Between("a", "b")).Message);
        });

    private static void Explore(Func<SimulationWorld, Coroutine> body) => Simulation.Explore(body, s_short);

    private static async Coroutine ServeAsync(Func<TcpConnection, Coroutine> handler)
    {
        await using var server = TcpServer.Start(new(IPAddress.Any, 80), handler);
        await Coroutine.Delay(Timeout.InfiniteTimeSpan);
    }

    private static async Coroutine EchoAsync(TcpConnection connection)
    {
        while (await connection.Reader.ReadLineAsync() is { } line)
        {
            connection.Writer.Write($"{line}\n");
            await connection.Writer.FlushAsync();
        }
    }

    private static async Coroutine<string?> AskAsync(string host, string line)
    {
        await using var connection = await TcpConnection.ConnectAsync(host, 80);
        connection.Writer.Write($"{line}\n");
        await connection.Writer.FlushAsync();
        return await connection.Reader.ReadLineAsync();
    }
}
