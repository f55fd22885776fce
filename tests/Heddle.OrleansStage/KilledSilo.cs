using System.Diagnostics;

namespace Heddle.OrleansStage;

/// <summary>At least once: what a dead silo had is sent to the other.</summary>
internal static class KilledSilo
{
    private const int Count = 1000;

    internal static string Run(TestCluster cluster)
    {
        var silos = cluster.StartSilos(2);
        var squares = new Squares(cluster, Count);
        var (victim, holders, answer, killed) = (0, Array.Empty<int>(), 0, 0L);
        TestCluster.OnLoop(async () =>
        {
            await using var executor = cluster.MakeExecutor();

            // It certainly runs when its silo is killed; what else runs then is chance.
            var held = LoopTask.Start(executor.RunAsync(Work.Hold, cluster.Folder));
            victim = (await Traces.HeldAsync(cluster.Folder, 1))[0];
            await squares.RunAsync(executor, () =>
            {
                if (squares.Done == Count / 2)
                {
                    silos.Single(silo => silo.Id == victim).Kill();
                    killed = Stopwatch.GetTimestamp();
                }
            });
            holders = await Traces.HeldAsync(cluster.Folder, 2);
            await File.WriteAllTextAsync(Path.Combine(cluster.Folder, "go"), "").OrCanceled();
            answer = await held;
            Stage.Require(executor.Statistics is { LostWorkers: 2, Completed: Count + 1, Failed: 0 }, $"{executor.Statistics}");
        });
        var afterKill = Stopwatch.GetElapsedTime(killed);
        var traces = cluster.Traces();
        var ran = traces.Values.SelectMany(items => items).ToList();
        var other = silos.Single(silo => silo.Id != victim).Id;
        Stage.Require(squares is { Done: Count, Lost: 0 }, $"{squares.Done} results, {squares.Lost} lost.");
        Stage.Require(ran.Distinct().Count() == Count, "A result came of a function that did not run.");
        Stage.Require(answer == other && holders.Contains(other), $"The call that was held ended in {answer}.");
        return $"{squares.Done} right results, each once; {traces[victim].Count} runs on the silo that was killed, {traces[other].Count} on the other, "
            + $"{ran.Count - Count} of them again; a call that ran there began again; all done {afterKill.TotalSeconds:0.0} s after the kill";
    }
}
