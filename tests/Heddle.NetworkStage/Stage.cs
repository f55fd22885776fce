namespace Heddle.NetworkStage;

/// <summary>Runs every check, says what each has seen, and ends with the count.</summary>
internal static class Stage
{
    internal static int Run()
    {
        var (passed, failed) = (0, 0);
        Check("1 GiB over epoll arrives as it was sent", () => Transfer.Run("epoll"));
        Check("1 GiB over the portable poller arrives as it was sent", () => Transfer.Run("sockets"));
        Check("10,000 connections that echo once a second for a minute", () => ManyConnections.Run("epoll", 10_000, TimeSpan.FromMinutes(1)));
        Check("2,000 connections on the portable poller for ten seconds", () => ManyConnections.Run("sockets", 2_000, TimeSpan.FromSeconds(10)));
        Check("100,000 connections that come and go", () => ComeAndGo.Run("epoll", 100_000));
        Check("20,000 that come and go on the portable poller", () => ComeAndGo.Run("sockets", 20_000));
        Console.WriteLine($"{passed} passed, {failed} failed");
        return failed == 0 ? 0 : 1;

        void Check(string what, Func<string> run)
        {
            try
            {
                Console.WriteLine($"ok: {what}: {run()}");
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
