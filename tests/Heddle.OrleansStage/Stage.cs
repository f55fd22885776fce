using System.Diagnostics;

namespace Heddle.OrleansStage;

/// <summary>Runs every check, says what each has seen, and ends with the count.</summary>
internal static class Stage
{
    internal static int Run(StageSettings settings)
    {
        var (passed, failed) = (0, 0);
        Check("1,000 calls, and one of two silos killed half-way", KilledSilo.Run);
        Check("1,000 calls that run at most once, and one of two silos killed", AtMostOnce.Run);
        Check("calls wait when the last silo is killed, and go to the next that joins", LastSilo.Run);
        Check("a silo that joins takes work", JoiningSilo.Run);
        Check("a silo that leaves loses nothing", LeavingSilo.Run);
        Check("a cancelled call reaches the function that runs", CancelledCall.Run);
        Check("large arguments and results arrive whole", LargeCall.Run);
        Check("calls of a program that was killed are stopped", VanishedCaller.Run);
        Check("calls of a program that was suspended are given up, and tried again", SuspendedCaller.Run);
        Check("a function that ends its silo fails, and the executor goes on with a new one", DeadlyFunction.Run);
        Check("a silo and an executor without a server say so", NoServer.Run);
        Console.WriteLine($"{passed} passed, {failed} failed");
        return failed == 0 ? 0 : 1;

        void Check(string what, Func<TestCluster, string> run)
        {
            var start = Stopwatch.GetTimestamp();
            try
            {
                string seen;
                using (var cluster = new TestCluster(settings))
                {
                    seen = run(cluster);
                }

                Console.WriteLine($"ok: {what}: {seen} ({Stopwatch.GetElapsedTime(start).TotalSeconds:0.0} s)");
                passed++;
            }
            catch (Exception failure)
            {
                Console.WriteLine($"FAILED: {what}: {failure}");
                failed++;
            }
        }
    }

    internal static void Require(bool holds, string what)
    {
        if (!holds)
        {
            throw new InvalidOperationException(what);
        }
    }
}

/// <param name="Redis">The server's address.</param>
/// <param name="SiloProgram">The path of heddle-silo.dll.</param>
internal sealed record StageSettings(string Redis, string SiloProgram);
