using System.Net;
using System.Text;
using Heddle.Testing;

namespace Heddle.Tests.Simulations;

/// <summary>Faults that strike in simulated runs: each kind, how a failure that needs one is shown, and what a program that bears them does.</summary>
public class FaultTests
{
    public static TheoryData<SimulationFaults> Kinds { get; } =
        [.. Enum.GetValues<SimulationFaults>().Where(static fault => System.Numerics.BitOperations.PopCount((uint)fault) == 1)];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Each_kind_strikes_within_a_thousand_runs_and_is_counted(SimulationFaults fault)
    {
        var summary = Simulation.Explore(
            async world =>
            {
                world.Faults = fault;
                await TalkAsync(world);
            },
            new() { Runs = 1000, Time = Timeout.InfiniteTimeSpan });
        Assert.Equal([fault], summary.Struck.Keys);
        Assert.True(summary.Struck[fault] > 0, summary.ToString());
        Assert.Contains($"faults: {fault} ", summary.ToString());
    }

    [Fact]
    public void Runs_with_all_faults_are_the_same_each_time()
    {
        var (one, other) = (Explore(), Explore());
        Assert.Equal(one.Hash, other.Hash);
        Assert.Equal(one.Struck, other.Struck);

        static SimulationSummary Explore() => Simulation.Explore(
            async world =>
            {
                world.Faults = SimulationFaults.All;
                await TalkAsync(world);
            },
            new() { Runs = 300, Time = Timeout.InfiniteTimeSpan });
    }

    [Fact]
    public void Without_faults_none_strikes()
        => Assert.Empty(Simulation.Explore(TalkAsync, new() { Runs = 50 }).Struck);

    [Fact]
    public void A_payment_that_is_made_again_after_a_reset_is_found_and_shown_with_the_one_fault_that_it_needs()
    {
        var failure = Assert.Throws<SimulationFailedException>(() => Simulation.Explore(PayAsync));
        Assert.StartsWith("Always \"paid once\": is false.", failure.Message);
        Assert.Contains("fault: reset of bank>test*1", failure.Message);
        Assert.Contains("reset@bank>test*1#1 is 1", failure.Recording);
        Assert.DoesNotContain(";", failure.Recording);
        Assert.Contains("does this, too, when such a thing happens to it", failure.Message);
        for (var i = 0; i < 20; i++)
        {
            var again = Assert.Throws<SimulationFailedException>(() => Simulation.Replay(failure.Recording, PayAsync));
            Assert.StartsWith("Always \"paid once\": is false.", again.Message);
        }

        static async Coroutine PayAsync(SimulationWorld world)
        {
            world.Faults = SimulationFaults.Network;
            var paid = 0;
            world.AddHost("bank", () => ServeAsync(async connection =>
            {
                if (await connection.Reader.ReadLineAsync() == "pay")
                {
                    paid++;
                    connection.Writer.Write("done\n");
                    await connection.Writer.FlushAsync();
                }
            }));
            for (var attempt = 0; attempt < 3; attempt++)
            {
                try
                {
                    if (await AskAsync("bank", "pay") is not null)
                    {
                        break;
                    }
                }
                catch (ConnectionException)
                {
                    await Coroutine.Delay(TimeSpan.FromSeconds(1));
                }
            }

            world.Always(paid < 2, "paid once");
        }
    }

    [Fact]
    public void A_reader_that_takes_one_read_for_one_message_is_found_by_a_short_read()
    {
        var failure = Assert.Throws<SimulationFailedException>(() => Simulation.Explore(async world =>
        {
            world.Faults = SimulationFaults.ShortRead;
            world.AddHost("host", () => ServeAsync(EchoAsync));
            await using var connection = await TcpConnection.ConnectAsync("host", 80);
            connection.Writer.Write("hello\n");
            await connection.Writer.FlushAsync();
            var message = await connection.Reader.ReadAsync(100);
            Assert.Equal("hello\n", Encoding.UTF8.GetString(message));
        }));
        Assert.Contains("fault: short-read of host>test*1", failure.Message);
    }

    [Fact]
    public void A_write_that_is_known_only_to_a_crashed_host_is_found_lost()
    {
        var failure = Assert.Throws<SimulationFailedException>(() => Simulation.Explore(async world =>
        {
            world.Faults = SimulationFaults.Crash;
            world.AddHost("store", () =>
            {
                var kept = new List<string>();
                return ServeAsync(async connection =>
                {
                    while (await connection.Reader.ReadLineAsync() is { } line)
                    {
                        if (line != "count")
                        {
                            kept.Add(line);
                        }

                        connection.Writer.Write($"{kept.Count}\n");
                        await connection.Writer.FlushAsync();
                    }
                });
            });
            var first = await TryAskAsync("store", "apples");
            var second = await TryAskAsync("store", "count");
            world.Always(first is not "1" || second is not "0", "what was stored is there");
        }));
        Assert.StartsWith("Always \"what was stored is there\"", failure.Message);
        Assert.Contains("fault: crash of", failure.Message);
    }

    [Fact]
    public void Two_nodes_that_both_think_that_they_lead_are_found_under_a_partition()
    {
        var failure = Assert.Throws<SimulationFailedException>(() => Simulation.Explore(async world =>
        {
            world.Faults = SimulationFaults.Partition;
            var leaders = new HashSet<string>();
            world.AddHost("left", () => LeadAsync("left", "right", isFirst: true));
            world.AddHost("right", () => LeadAsync("right", "left", isFirst: false));
            world.Always(() => leaders.Count < 2, "one leads");
            await Coroutine.Delay(TimeSpan.FromSeconds(5));

            async Coroutine LeadAsync(string self, string other, bool isFirst)
            {
                await TaskGroup.RunAsync(async group =>
                {
                    group.Start(() => ServeAsync(EchoAsync));
                    await Coroutine.Delay(TimeSpan.FromMilliseconds(100));
                    if (isFirst)
                    {
                        leaders.Add(self);
                    }

                    while (true)
                    {
                        try
                        {
                            await AskAsync(other, "alive?").WithTimeout(TimeSpan.FromMilliseconds(500));
                        }
                        catch (Exception failure) when (failure is TimeoutException or ConnectionException)
                        {
                            leaders.Add(self);
                        }

                        await Coroutine.Delay(TimeSpan.FromMilliseconds(100));
                    }
                });
            }
        }));
        Assert.StartsWith("Always \"one leads\"", failure.Message);
        Assert.Contains("fault: partition of left~right", failure.Message);
    }

    [Fact]
    public void A_lock_that_is_not_given_back_when_its_holder_is_cancelled_is_found()
    {
        var failure = Assert.Throws<SimulationFailedException>(() => Simulation.Explore(async world =>
        {
            world.Faults = SimulationFaults.Cancel;
            var gate = new AsyncSemaphore(1);
            var first = LoopTask.Start(UseAsync);
            var second = LoopTask.Start(UseAsync);
            await SettleAsync(first);
            await SettleAsync(second);

            async Coroutine UseAsync()
            {
                await gate.AcquireAsync();
                await Coroutine.Delay(TimeSpan.FromSeconds(1));
                gate.Release();
            }

            static async Coroutine SettleAsync(LoopTask task)
            {
                try
                {
                    await task;
                }
                catch (LoopTaskCanceledException)
                {
                    // Cancelled, as it may be.
                }
            }
        }));
        Assert.StartsWith("Deadlock", failure.Message);
        Assert.Contains("fault: cancel of main/", failure.Message);
    }

    [Fact]
    public void A_lease_that_is_measured_by_the_time_of_day_is_found_when_that_jumps()
    {
        var failure = Assert.Throws<SimulationFailedException>(() => Simulation.Explore(static async world =>
        {
            world.Faults = SimulationFaults.ClockJump;
            var clock = EventLoop.Current.Clock;
            var (until, start) = (clock.GetUtcNow() + TimeSpan.FromMinutes(10), EventLoop.Current.Now);
            while (clock.GetUtcNow() < until)
            {
                await Coroutine.Delay(TimeSpan.FromMinutes(1));
            }

            world.Always(EventLoop.Current.Now - start >= TimeSpan.FromMinutes(10), "the lease lasts as long as it says");
        }));
        Assert.StartsWith("Always \"the lease lasts as long as it says\"", failure.Message);
        Assert.Contains("fault: clock-jump of main", failure.Message);
    }

    [Fact]
    public void A_program_that_bears_its_faults_gets_its_answer_in_every_run()
        => Simulation.Explore(
            async world =>
            {
                world.Faults = SimulationFaults.Network | SimulationFaults.Crash;
                world.AddHost("host", () => ServeAsync(EchoAsync));
                string? answer = null;
                while (answer is null)
                {
                    answer = await TryAskAsync("host", "hello");
                }

                Assert.Equal("hello", answer);
            },
            new() { Runs = 2000, Time = Timeout.InfiniteTimeSpan });

    [Fact]
    public void A_task_that_is_cancelled_while_nothing_else_is_ready_has_its_turn_before_any_time_passes()
        => Simulation.Explore(
            async world =>
            {
                world.Faults = SimulationFaults.Cancel;
                await TaskGroup.RunAsync(async group =>
                {
                    var sleeper = group.Start(() => Coroutine.Delay(Timeout.InfiniteTimeSpan));
                    var other = group.Start(() => Coroutine.Delay(TimeSpan.FromSeconds(1)));
                    await LoopTask.WhenAny([sleeper, other]);
                    Assert.True(sleeper.IsCompleted ? EventLoop.Current.Now == TimeSpan.Zero : other.IsCompleted);
                    group.Cancel();
                });
            },
            new() { Runs = 100 });

    /// <summary>A stream and datagrams, and failures that are borne.</summary>
    private static async Coroutine TalkAsync(SimulationWorld world)
    {
        world.AddHost("host", () => TaskGroup.RunAsync(async group =>
        {
            group.Start(() => ServeAsync(EchoAsync));
            using var socket = UdpSocket.Bind(new(IPAddress.Any, 53));
            var buffer = new byte[100];
            while (true)
            {
                var datagram = await socket.ReceiveAsync(buffer);
                await socket.SendToAsync(buffer.AsMemory(0, datagram.Count), (IPEndPoint)datagram.RemoteEndPoint);
            }
        }));
        var client = world.AddHost("client");
        var store = world.AddHost("store");
        world.AddProgram("wc", static async process =>
        {
            var input = await process.Input.ReadToEndAsync();
            process.Output.Write($"{input.Length}\n");
            return 0;
        });
        for (var i = 0; i < 2; i++)
        {
            await CountAsync();
            await WorkAsync(world.AddExecutor("workers"));
            await StoreAsync(store);
            try
            {
                await client.RunAsync(() => TryAskAsync("host", "hello"));
                await client.RunAsync(() => SendDatagramsAsync());
            }
            catch (LoopTaskCanceledException)
            {
                // By the fault.
            }
        }
    }

    private static async Coroutine CountAsync()
    {
        try
        {
            await Subprocess.RunAsync("wc", ["-c"], new() { StandardInput = SubprocessInput.Text("hello"), Timeout = TimeSpan.FromSeconds(1) });
        }
        catch (SubprocessTimeoutException)
        {
            // It is stuck.
        }
    }

    private static async Coroutine WorkAsync(IExecutor executor)
    {
        try
        {
            await executor.RunAsync(static () => 1).WithTimeout(TimeSpan.FromSeconds(5));
        }
        catch (Exception failure) when (failure is IOException or TimeoutException)
        {
            // Dead, late or silent.
        }
    }

    private static async Coroutine StoreAsync(SimulatedHost store)
    {
        try
        {
            await store.RunAsync(() => store.Disk.WriteAsync("file", new byte[10]));
        }
        catch (Exception failure) when (failure is IOException or LoopTaskCanceledException)
        {
            // It is full, or the fault has cancelled it.
        }

        store.Crash();
        await Coroutine.Delay(TimeSpan.FromSeconds(1));
        store.Start();
    }

    private static async Coroutine SendDatagramsAsync()
    {
        using var socket = UdpSocket.Bind(new(IPAddress.Any, 0));
        _ = EventLoop.Current.Clock.GetUtcNow();
        for (var i = 0; i < 3; i++)
        {
            await socket.SendToAsync(new byte[] { (byte)i }, new(IPAddress.Parse("10.0.0.1"), 53));
        }

        await CancelScope.MoveOnAfterAsync(TimeSpan.FromSeconds(1), async _ => await socket.ReceiveAsync(new byte[100]));
    }

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

    private static async Coroutine<string?> TryAskAsync(string host, string line)
    {
        try
        {
            return await AskAsync(host, line).WithTimeout(TimeSpan.FromSeconds(5));
        }
        catch (Exception failure) when (failure is ConnectionException or TimeoutException)
        {
            return null;
        }
    }
}
