using System.Diagnostics;

namespace Heddle.NetworkStage;

/// <summary>Runs every check, says what each has seen, and ends with the count.</summary>
internal static class Stage
{
    /// <summary>What takes longer hangs. The slowest check takes a good minute.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(3);

    internal static int Run()
    {
        var (passed, failed) = (0, 0);
        Check("epoll: 1 GiB", () => Transfer.Run("epoll"));
        Check("epoll: 10,000 connections that echo once a second for a minute", () => ManyConnections.Run("epoll", 10_000, seconds: 60));
        Check("epoll: 100,000 connections that come and go", () => ComeAndGo.Run("epoll", 100_000));
        Check("portable: 1 GiB", () => Transfer.Run("sockets"));
        Check("portable: 10,000 connections that echo once a second for ten seconds", () => ManyConnections.Run("sockets", 10_000, seconds: 10));
        Check("portable: 20,000 connections that come and go", () => ComeAndGo.Run("sockets", 20_000));
        Console.WriteLine($"{passed} passed, {failed} failed");
        return failed == 0 ? 0 : 1;

        void Check(string what, Func<string> run)
        {
            var began = Stopwatch.GetTimestamp();
            try
            {
                var seen = run();
                Console.WriteLine($"ok: {what}: {seen} ({Stopwatch.GetElapsedTime(began).TotalSeconds:0} s)");
                passed++;
            }
            catch (Exception failure)
            {
                Console.WriteLine($"FAILED: {what}: {failure}");
                failed++;
            }
        }
    }

    internal static string OnLoop(string poller, Func<Coroutine<string>> check)
        => EventLoop.Run(() => check().WithTimeout(s_patience), Poller.Of(poller));

    internal static string WithServer(string poller, Func<ServerProcess, Coroutine<string>> check)
    {
        using var server = new ServerProcess(poller);
        return OnLoop(poller, () => check(server));
    }

    internal static void Require(bool holds, string what)
    {
        if (!holds)
        {
            throw new InvalidOperationException(what);
        }
    }
}
