using System.Diagnostics;

namespace Heddle.TestPrograms;

/// <summary>A program whose workers compute without end, each with a child of its own, and which ends without thinking of them.</summary>
internal static class BusyWorkers
{
    internal static async Coroutine RunAsync(string ending)
    {
        var executor = new ProcessExecutor(new() { MaxWorkers = 2 });
        var calls = new[] { LoopTask.Start(executor.RunAsync(Spin)), LoopTask.Start(executor.RunAsync(Spin)) };
        if (ending == "exit")
        {
            // The parent says when.
            await Coroutine.ToThread(() => Console.In.ReadLine());
            Environment.Exit(3);
        }

        foreach (var call in calls)
        {
            await call;
        }
    }

    /// <summary>Says in one line which processes there are, itself and its child.</summary>
    private static void Spin()
    {
        using var child = Process.Start("sleep", "600");
        Console.WriteLine($"{Environment.ProcessId} {child.Id}");
        while (true)
        {
        }
    }
}
