using System.Globalization;
using Heddle.Testing;

namespace Heddle.TestPrograms;

/// <summary>Simulated runs whose decisions other processes must repeat, and some that depend on the process.</summary>
internal static class SimulatedShop
{
    /// <summary>Writes the hash of the run of each seed.</summary>
    internal static int PrintHashes(ulong first, int count)
    {
        for (var seed = first; seed < first + (ulong)count; seed++)
        {
            Console.Write(string.Create(CultureInfo.InvariantCulture, $"{seed} {Simulation.Replay(seed, OpenAsync).Hash:x16}\n"));
        }

        return 0;
    }

    /// <summary>Writes the steps of a program in which something is another in each process.</summary>
    internal static int PrintSteps(string leak)
    {
        foreach (var step in Simulation.Explore(() => LeakAsync(leak), new() { Runs = 1 }).FirstRun)
        {
            Console.Write($"{step}\n");
        }

        return 0;
    }

    /// <summary>Many kinds of waits, cancellations and failures, in one program.</summary>
    private static async Coroutine OpenAsync(SimulationWorld world)
    {
        var orders = new AsyncQueue<int>(capacity: 2);
        var counters = new AsyncSemaphore(2);
        var opens = new AsyncManualResetEvent();
        var till = new AsyncLock();
        var sold = 0;
        await TaskGroup.RunAsync(async shop =>
        {
            for (var clerk = 0; clerk < 3; clerk++)
            {
                shop.Start(ServeAsync, $"clerk {clerk}");
            }

            await Coroutine.Delay(TimeSpan.FromMilliseconds(world.Random.Next(1, 20)));
            opens.Set();
            await TaskGroup.RunAsync(async customers =>
            {
                for (var customer = 0; customer < 5; customer++)
                {
                    customers.Start(BuyAsync, $"customer {customer}");
                    await Coroutine.Yield();
                }
            });
            orders.Shutdown();
        });
        world.Always(sold <= 15, "no more is sold than was ordered");

        async Coroutine ServeAsync()
        {
            await opens.WaitAsync();
            await foreach (var order in orders)
            {
                using (await till.LockAsync())
                {
                    await Coroutine.Delay(TimeSpan.FromMilliseconds(order % 3));
                    sold++;
                }
            }
        }

        async Coroutine BuyAsync()
        {
            for (var item = 0; item < 3; item++)
            {
                using (await counters.LockAsync())
                {
                    await CancelScope.MoveOnAfterAsync(TimeSpan.FromMilliseconds(4), _ => orders.PutAsync(world.Random.Next(10)));
                }

                await CancelScope.MoveOnAfterAsync(TimeSpan.FromMilliseconds(world.Random.Next(3)), _ => till.LockAsync().Ignore());
            }
        }
    }

    private static async Coroutine Ignore(this Coroutine<Releaser> wait) => (await wait).Dispose();

    private static async Coroutine LeakAsync(string leak)
    {
        await TaskGroup.RunAsync(async group =>
        {
            for (var i = 0; i < 30; i++)
            {
                group.Start(StepsAsync(leak switch
                {
                    "hash codes of strings" => $"name {i}".GetHashCode(StringComparison.Ordinal) & 1,
                    "HashCode" => HashCode.Combine(i) & 1,
                    "process id" => (Environment.ProcessId >> i) & 1,
                    "number of processors" => Environment.ProcessorCount,
                    "time zone" => TimeZoneInfo.Local.BaseUtcOffset.Hours == 0 ? 1 : 2,
                    _ => throw new ArgumentException($"There is no leak '{leak}'.", nameof(leak)),
                }));
                await Coroutine.Yield();
            }
        });
    }

    private static async Coroutine StepsAsync(int count)
    {
        for (var i = 0; i < count; i++)
        {
            await Coroutine.Yield();
        }
    }
}
