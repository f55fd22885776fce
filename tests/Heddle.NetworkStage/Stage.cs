using System.Diagnostics;

namespace Heddle.NetworkStage;

/// <summary>Runs every check, says what each has seen, and ends with the count.</summary>
internal static class Stage
{
    /// <summary>What takes longer hangs. The slowest check takes a good minute.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(3);

    /// <param name="word">Of the checks to run; empty for all.</param>
    internal static int Run(string word)
    {
        var (passed, failed, skipped) = (0, 0, 0);
        Check("epoll: 1 GiB each way at once", () => Transfer.Run("epoll", secure: false));
        Check("epoll: 1 GiB each way at once over TLS", () => Transfer.Run("epoll", secure: true));
        Check("epoll: 10,000 connections that echo once a second for half a minute", () => ManyConnections.Run("epoll", 10_000, seconds: 30));
        Check("epoll: 100,000 connections that come and go", () => ComeAndGo.Run("epoll", 100_000));
        Check("epoll: 400 clients of a server with 250 descriptors", () => Crowded.Run("epoll"));
        Check("portable: 1 GiB each way at once", () => Transfer.Run("sockets", secure: false));
        Check("portable: 10,000 connections that echo once a second for ten seconds", () => ManyConnections.Run("sockets", 10_000, seconds: 10));
        Check("portable: 20,000 connections that come and go", () => ComeAndGo.Run("sockets", 20_000));
        Check("portable: 400 clients of a server with 250 descriptors", () => Crowded.Run("sockets"));
        foreach (var (transport, version) in new[] { (HttpTransport.Loop, 1), (HttpTransport.Loop, 2), (HttpTransport.System, 1), (HttpTransport.System, 2) })
        {
            Check(
                $"HTTP/{version} over {(transport == HttpTransport.Loop ? "the loop" : "the system's sockets")}: 25,000 requests, a third of them cancelled",
                () => Requests.Run(transport, version, 25_000));
        }

        if (Nginx.Find() is { } nginx)
        {
            Check("nginx, which closes early: 20,000 requests", () => Nginx.Run(nginx, 20_000));
        }
        else if (Environment.GetEnvironmentVariable("HEDDLE_CI") == "1")
        {
            Check("nginx, which closes early", static () => throw new InvalidOperationException("nginx is not installed. CI must install it: see .ci/run."));
        }
        else
        {
            Console.WriteLine("skipped: nginx, which closes early: it is not installed (Debian: nginx-light)");
            skipped++;
        }

        Console.WriteLine($"{passed} passed, {failed} failed, {skipped} skipped");
        return failed == 0 ? 0 : 1;

        void Check(string what, Func<string> run)
        {
            if (!what.Contains(word, StringComparison.Ordinal))
            {
                return;
            }

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
