namespace Heddle.OrleansStage;

internal static class JoiningSilo
{
    private const int Count = 1000;

    internal static string Run(TestCluster cluster)
    {
        var first = cluster.StartSilo();
        SiloProcess? second = null;
        var squares = new Squares(cluster, Count);
        TestCluster.OnLoop(async () =>
        {
            await using var executor = cluster.MakeExecutor();
            Stage.Require(await executor.RunAsync(Work.Cube, 3) == 27, "The silo does not know a function by its name.");
            await squares.RunAsync(executor, () =>
            {
                // Holds the loop until the other has joined; the first silo works on what it has.
                if (squares.Done == 10)
                {
                    second = cluster.StartSilo();
                }
            });
            Stage.Require(executor.Statistics.Workers == 4, $"{executor.Statistics.Workers} workers.");
        });
        var traces = cluster.Traces();
        Stage.Require(squares.Done == Count && traces.Values.Sum(items => items.Count) == Count, "Not each ran once.");
        Stage.Require(traces[second!.Id].Count > Count / 10, $"The silo that joined did {traces[second.Id].Count} of {Count}.");
        return $"{traces[first.Id].Count} runs on the first silo, {traces[second.Id].Count} on the one that joined";
    }
}
