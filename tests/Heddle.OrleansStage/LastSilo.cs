using System.Diagnostics;

namespace Heddle.OrleansStage;

internal static class LastSilo
{
    internal static string Run(TestCluster cluster)
    {
        var first = cluster.StartSilo();
        var squares = new Squares(cluster, 200);
        var elapsed = TimeSpan.Zero;
        TestCluster.OnLoop(async () =>
        {
            await using var executor = cluster.MakeExecutor();
            var joined = 0L;
            await squares.RunAsync(executor, () =>
            {
                if (squares.Done == 100)
                {
                    // Holds the loop until the other has joined.
                    first.Kill();
                    cluster.StartSilo();
                    joined = Stopwatch.GetTimestamp();
                }
            });
            elapsed = Stopwatch.GetElapsedTime(joined);
        });
        Stage.Require(squares is { Done: 200, Lost: 0 }, $"{squares.Done} results, {squares.Lost} lost.");
        return $"{squares.Done} results, the rest {elapsed.TotalSeconds:0.0} s after it had joined";
    }
}
