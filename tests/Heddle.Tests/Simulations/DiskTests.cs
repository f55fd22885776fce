using Heddle.Testing;

namespace Heddle.Tests.Simulations;

/// <summary>The disks of simulated hosts: what they keep, and what a crash may take.</summary>
public class DiskTests
{
    [Fact]
    public void A_disk_has_files_that_are_written_read_moved_and_deleted_and_are_there_after_a_crash()
        => Simulation.Explore(
            static async world =>
            {
                var host = world.AddHost("store");
                var disk = host.Disk;
                await host.RunAsync(async () =>
                {
                    Assert.Empty(disk.Files);
                    await disk.WriteAsync("b", Bytes(1, 2));
                    await disk.AppendAsync("b", Bytes(3));
                    await disk.AppendAsync("a", Bytes(4));
                    await disk.FlushAsync("a");
                    await disk.WriteAsync("c", Bytes(5));
                    await disk.WriteAsync("c", Bytes(6));
                    await disk.WriteAsync("d", Bytes(7));
                    await disk.MoveAsync("d", "a");
                    await disk.DeleteAsync("c");
                    await disk.DeleteAsync("c");
                    await Assert.ThrowsAsync<FileNotFoundException>(async () => await disk.ReadAsync("c"));
                    await Assert.ThrowsAsync<FileNotFoundException>(async () => await disk.FlushAsync("c"));
                });
                host.Crash();
                await Coroutine.Delay(TimeSpan.FromSeconds(1));
                host.Start();
                Assert.Equal(["a", "b"], disk.Files);
                Assert.False(disk.Exists("d"));
                Assert.Equal(3, disk.Length("b"));
                Assert.Equal(Bytes(7), await disk.ReadAsync("a"));
                Assert.Equal(Bytes(1, 2, 3), await disk.ReadAsync("b"));
            },
            new() { Runs = 50 });

    [Fact]
    public void Two_hosts_have_two_disks()
        => Simulation.Explore(
            static async world =>
            {
                var (one, other) = (world.AddHost("one"), world.AddHost("other"));
                await one.Disk.WriteAsync("file", Bytes(1));
                Assert.Empty(other.Disk.Files);
            },
            new() { Runs = 5 });

    [Fact]
    public void A_write_for_which_there_is_no_room_fails_and_leaves_the_file_as_it_was()
        => Simulation.Explore(
            static async world =>
            {
                var disk = world.AddHost("store").Disk;
                disk.Capacity = 4;
                await disk.WriteAsync("a", Bytes(1, 2, 3));
                await Assert.ThrowsAsync<IOException>(async () => await disk.WriteAsync("b", Bytes(1, 2)));
                await Assert.ThrowsAsync<IOException>(async () => await disk.AppendAsync("a", Bytes(4, 5)));
                Assert.Equal(Bytes(1, 2, 3), await disk.ReadAsync("a"));
                await disk.WriteAsync("a", Bytes(1, 2, 3, 4));
                Assert.Equal(["a"], disk.Files);
            },
            new() { Runs = 5 });

    [Fact]
    public void What_was_flushed_survives_each_crash_whole()
    {
        var summary = Simulation.Explore(
            world => StoreAsync(world, SimulationFaults.DiskLoss | SimulationFaults.DiskTorn, flushes: true),
            new() { Runs = 200 });
        Assert.True(summary.Struck.Values.Sum() > 0, summary.ToString());
    }

    [Theory]
    [InlineData(SimulationFaults.DiskLoss, "disk-loss@store/log#")]
    [InlineData(SimulationFaults.DiskTorn, "torn-write@store/log#")]
    public void What_was_said_to_be_stored_and_not_flushed_is_found_lost_or_torn_after_a_crash(SimulationFaults fault, string choice)
    {
        var failure = Assert.Throws<SimulationFailedException>(() => Simulation.Explore(world => StoreAsync(world, fault, flushes: false)));
        Assert.StartsWith("Always \"what was stored is there\"", failure.Message);
        Assert.Contains(choice, failure.Recording);
        Assert.StartsWith(
            "Always \"what was stored is there\"",
            Assert.Throws<SimulationFailedException>(() => Simulation.Replay(failure.Recording, world => StoreAsync(world, fault, flushes: false))).Message);
    }

    [Fact]
    public void A_program_that_does_not_expect_a_full_disk_is_found()
    {
        var failure = Assert.Throws<SimulationFailedException>(() => Simulation.Explore(static async world =>
        {
            world.Faults = SimulationFaults.DiskFull;
            await world.AddHost("store").Disk.WriteAsync("log", Bytes(1));
        }));
        Assert.StartsWith(nameof(IOException), failure.Message);
        Assert.Equal("disk-full@store#1 is 1", failure.Recording);
    }

    /// <summary>A host that is crashed once writes two bytes, says so, and writes a file beside them that nobody is told of.</summary>
    private static async Coroutine StoreAsync(SimulationWorld world, SimulationFaults faults, bool flushes)
    {
        world.Faults = faults;
        var isStored = false;
        var host = world.AddHost("store");
        await host.RunAsync(async () =>
        {
            await host.Disk.WriteAsync("other", Bytes(0));
            await host.Disk.AppendAsync("log", Bytes(1));
            await host.Disk.AppendAsync("log", Bytes(2, 3));
            if (flushes)
            {
                await host.Disk.FlushAsync("log");
            }

            isStored = true;
        });
        host.Crash();
        await Coroutine.Delay(TimeSpan.FromSeconds(1));
        host.Start();
        world.Always(!isStored || (host.Disk.Exists("log") && (await host.Disk.ReadAsync("log")).SequenceEqual(Bytes(1, 2, 3))), "what was stored is there");
    }

    private static byte[] Bytes(params byte[] bytes) => bytes;
}
