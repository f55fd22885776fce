using System.Diagnostics;
using Heddle.Orleans;

namespace Heddle.OrleansStage;

/// <summary>A silo gives up the calls of a program that is suspended, which hears so when it goes on: its silo has not died.</summary>
internal static class SuspendedCaller
{
    internal static string Run(TestCluster cluster)
    {
        cluster.StartSilo("--caller-timeout", "15");
        foreach (var folder in Folders(cluster.Folder))
        {
            Directory.CreateDirectory(folder);
        }

        using var caller = Process.Start(
            "dotnet", [typeof(SuspendedCaller).Assembly.Location, "suspended", cluster.Settings.Redis, cluster.Name, cluster.Folder]);
        TestCluster.OnLoop(async () =>
        {
            await AppearInBothAsync(cluster.Folder, "begun");
            Signals.Send(caller, "STOP");
            await AppearInBothAsync(cluster.Folder, "stopped");
            Signals.Send(caller, "CONT");
            await Traces.AppearsAsync(cluster.Folder, "outcome");
        });
        caller.WaitForExit();
        var outcome = File.ReadAllLines(Path.Combine(cluster.Folder, "outcome"));
        Stage.Require(outcome[0] == "ran again", $"The call with two attempts gave '{outcome[0]}'.");
        Stage.Require(outcome[1].Contains("has given up this call, at attempt 1 of 1", StringComparison.Ordinal), $"The call with one attempt failed with '{outcome[1]}'.");
        Stage.Require(outcome[2] == "0 lost", $"The silo lives, and {outcome[2]} workers.");
        return "the call with two attempts ran again on the same silo, the one with one attempt failed";
    }

    /// <summary>The caller, in a process of its own.</summary>
    internal static int Call(string redis, string cluster, string folder)
    {
        var folders = Folders(folder);
        EventLoop.Run(async () =>
        {
            await using var atMostOnce = new OrleansExecutor(new() { Redis = redis, ClusterId = cluster, MaxAttempts = 1 });
            await using var atLeastOnce = new OrleansExecutor(new() { Redis = redis, ClusterId = cluster, MaxAttempts = 2 });
            var ends = await Coroutine.WhenAllSettled(
                atLeastOnce.RunAsync(Work.WaitOnce, folders[0]), atMostOnce.RunAsync(Work.Wait, folders[1]));
            var lost = atMostOnce.Statistics.LostWorkers + atLeastOnce.Statistics.LostWorkers;
            var draft = Path.Combine(folder, "draft");
            await File.WriteAllTextAsync(draft, $"{(ends[0].IsSuccess ? ends[0].Value : ends[0].Exception)}\n{ends[1].Exception?.Message}\n{lost} lost\n").OrCanceled();
            File.Move(draft, Path.Combine(folder, "outcome"));
        });
        return 0;
    }

    private static string[] Folders(string folder) => [Path.Combine(folder, "least"), Path.Combine(folder, "most")];

    private static async Coroutine AppearInBothAsync(string folder, string name)
    {
        foreach (var each in Folders(folder))
        {
            await Traces.AppearsAsync(each, name);
        }
    }
}
