using System.Diagnostics;
using Heddle.Orleans;

namespace Heddle.OrleansStage;

/// <summary>A function that takes a token is asked to stop when its caller has not been heard of for a while.</summary>
internal static class VanishedCaller
{
    internal static string Run(TestCluster cluster)
    {
        cluster.StartSilo("--caller-timeout", "15");
        using var caller = Process.Start(
            "dotnet", [typeof(VanishedCaller).Assembly.Location, "caller", cluster.Settings.Redis, cluster.Name, cluster.Folder]);
        var elapsed = TimeSpan.Zero;
        TestCluster.OnLoop(async () =>
        {
            await Traces.AppearsAsync(cluster.Folder, "begun");
            caller.Kill();
            var start = Stopwatch.GetTimestamp();
            await Traces.AppearsAsync(cluster.Folder, "stopped");
            elapsed = Stopwatch.GetElapsedTime(start);

            // Its worker is free again, and so is the other.
            await using var executor = cluster.MakeExecutor();
            await new Squares(cluster, 10).RunAsync(executor);
        });
        return $"stopped {elapsed.TotalSeconds:0.0} s after its caller was killed";
    }

    /// <summary>The caller, in a process of its own.</summary>
    internal static int Call(string redis, string cluster, string folder)
    {
        EventLoop.Run(async () =>
        {
            await using var executor = new OrleansExecutor(new() { Redis = redis, ClusterId = cluster });
            await executor.RunAsync(Work.Wait, folder);
        });
        return 0;
    }
}
