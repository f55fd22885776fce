using Heddle.Orleans;

namespace Heddle.OrleansStage;

internal static class NoServer
{
    // Where nobody listens: the discard service's port, on no machine of today.
    private const string Nowhere = "127.0.0.1:9,connectTimeout=500,connectRetry=1";

    internal static string Run(TestCluster cluster)
    {
        using var silo = SiloProcess.Start(cluster.Settings with { Redis = Nowhere });
        var (exitCode, _, errors) = silo.End();
        Stage.Require(exitCode == 3 && errors.Contains("cannot join the cluster 'heddle'", StringComparison.Ordinal), $"It ended with {exitCode}: {errors}");
        TestCluster.OnLoop(async () =>
        {
            await using var executor = new OrleansExecutor(new() { Redis = Nowhere, ConnectTimeout = TimeSpan.FromSeconds(2) });
            try
            {
                await executor.RunAsync(Work.Cube, 3);
                Stage.Require(false, "There was a result.");
            }
            catch (ClusterUnreachableException unreachable)
            {
                Stage.Require(unreachable.Message.Contains("Is the Redis server up", StringComparison.Ordinal), unreachable.Message);
            }
        });
        return "exit code 3, and a ClusterUnreachableException";
    }
}
