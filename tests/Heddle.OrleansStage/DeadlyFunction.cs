using Heddle.Orleans;

namespace Heddle.OrleansStage;

/// <summary>A call is not sent on for ever: it would end one silo after the other.</summary>
internal static class DeadlyFunction
{
    internal static string Run(TestCluster cluster)
    {
        cluster.StartSilos(3);
        var message = "";
        TestCluster.OnLoop(async () =>
        {
            await using var executor = cluster.MakeExecutor(maxAttempts: 2);
            try
            {
                await executor.RunAsync(Work.Exit, cluster.Folder);
            }
            catch (SiloDiedException died)
            {
                message = died.Message;
            }

            Stage.Require(cluster.Traces().Count == 2, $"It ran on {cluster.Traces().Count} silos.");
            await new Squares(cluster, 10).RunAsync(executor);
        });
        Stage.Require(message.StartsWith("2 silos of 'orleans'", StringComparison.Ordinal), $"It failed with '{message}'.");
        return "failed after two silos, and the third did ten calls";
    }
}
