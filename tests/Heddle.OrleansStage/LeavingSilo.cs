namespace Heddle.OrleansStage;

/// <summary>SIGTERM: what runs ends, what waits goes elsewhere, and nothing runs twice.</summary>
internal static class LeavingSilo
{
    private const int Count = 500;

    internal static string Run(TestCluster cluster)
    {
        var leaving = cluster.StartSilos(2)[0];
        var squares = new Squares(cluster, Count);
        TestCluster.OnLoop(async () =>
        {
            await using var executor = cluster.MakeExecutor();
            await squares.RunAsync(executor, () =>
            {
                if (squares.Done == Count / 2)
                {
                    leaving.Terminate();
                }
            });
            Stage.Require(executor.Statistics.LostWorkers == 0, "A silo that leaves is not lost.");
        });
        var (exitCode, output, _) = leaving.End();
        Stage.Require(exitCode == 0 && output.Contains("heddle-silo: leaves", StringComparison.Ordinal), $"It ended with {exitCode}: {output}");
        var ran = cluster.Traces().Values.Sum(items => items.Count);
        Stage.Require(squares.Done == Count && ran == Count, $"{squares.Done} results of {ran} runs.");
        return $"{squares.Done} results of {ran} runs, exit code {exitCode}";
    }
}
