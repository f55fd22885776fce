using System.Diagnostics;

namespace Heddle.OrleansStage;

internal static class CancelledCall
{
    internal static string Run(TestCluster cluster)
    {
        cluster.StartSilos(2);
        var elapsed = TimeSpan.Zero;
        TestCluster.OnLoop(async () =>
        {
            await using var executor = cluster.MakeExecutor();
            var call = LoopTask.Start(executor.RunAsync(Work.Wait, cluster.Folder));
            await Traces.AppearsAsync(cluster.Folder, "begun");
            var start = Stopwatch.GetTimestamp();
            call.Cancel("not needed any more");
            await LoopTask.WhenAny(call);
            elapsed = Stopwatch.GetElapsedTime(start);
            Stage.Require(call.IsCanceled, "The call was not cancelled.");
            Stage.Require(File.Exists(Path.Combine(cluster.Folder, "stopped")), "The function was not asked to stop.");
            Stage.Require(executor.Statistics is { Canceled: 1, Abandoned: 0 }, $"{executor.Statistics}");
        });
        return $"stopped {elapsed.TotalMilliseconds:0} ms after its call was cancelled";
    }
}
