using Heddle.Testing;

namespace Heddle.TestPrograms;

/// <summary>A search that fails, or does not where the environment names a run that does not.</summary>
internal static class Searching
{
    internal static int Run()
    {
        try
        {
            Console.Write($"passed {Simulation.Explore(DepositTwiceAsync).Runs}\n");
        }
        catch (SimulationFailedException failure)
        {
            Console.Write($"failed in run {failure.Run}\n{failure.Recording}\n");
        }

        return 0;
    }

    private static async Coroutine DepositTwiceAsync(SimulationWorld world)
    {
        var balance = 0;
        await TaskGroup.RunAsync(async group =>
        {
            group.Start(DepositAsync(0), "ann");
            group.Start(DepositAsync(2), "bob");
            await Coroutine.Yield();
        });
        world.Always(balance == 20, "no deposit is lost");

        async Coroutine DepositAsync(int steps)
        {
            for (var i = 0; i < steps; i++)
            {
                await Coroutine.Yield();
            }

            var before = balance;
            await Coroutine.Yield();
            balance = before + 10;
        }
    }
}
