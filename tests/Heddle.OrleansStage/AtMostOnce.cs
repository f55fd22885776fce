using Heddle.Orleans;

namespace Heddle.OrleansStage;

/// <summary>With one attempt a call whose silo died fails, and nothing runs twice.</summary>
internal static class AtMostOnce
{
    private const int Count = 1000;

    internal static string Run(TestCluster cluster)
    {
        var silos = cluster.StartSilos(2);
        var squares = new Squares(cluster, Count);
        var message = "";
        TestCluster.OnLoop(async () =>
        {
            await using var executor = cluster.MakeExecutor(maxAttempts: 1);
            var held = LoopTask.Start(executor.RunAsync(Work.Hold, cluster.Folder));
            var victim = (await Traces.HeldAsync(cluster.Folder, 1))[0];
            await squares.RunAsync(executor, () =>
            {
                if (squares.Done == Count / 2)
                {
                    silos.Single(silo => silo.Id == victim).Kill();
                }
            });
            try
            {
                await held;
            }
            catch (SiloDiedException died)
            {
                message = died.Message;
            }
        });
        var ran = cluster.Traces().Values.SelectMany(items => items).ToList();
        Stage.Require(message.Contains("MaxAttempts is 1", StringComparison.Ordinal), $"The call that was held ended with '{message}'.");
        Stage.Require(Traces.Holders(cluster.Folder).Length == 1, "The call that was held ran twice.");
        Stage.Require(squares.Done + squares.Lost == Count, "A call is missing.");
        Stage.Require(squares.Lost <= 1, $"{squares.Lost} calls were lost, and the silo had room for one.");
        Stage.Require(ran.Distinct().Count() == ran.Count, "A function ran twice.");
        return $"{squares.Done} results, {squares.Lost + 1} calls failed with their silo, {ran.Count} runs, none twice";
    }
}
