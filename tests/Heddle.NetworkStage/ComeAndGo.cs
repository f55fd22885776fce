using System.Net;

namespace Heddle.NetworkStage;

/// <summary>Many that come one after the other, from and to several addresses, say something, and go.</summary>
internal static class ComeAndGo
{
    private const int Addresses = 16;
    private const int AtOnce = 100;

    internal static string Run(string poller, int count)
    {
        using var server = new ServerProcess(poller);
        EventLoop.Run(
            async () =>
            {
                var before = await ServerStats.AskAsync(server.EndPoint);
                var descriptors = Descriptors.Count;
                var next = 0;
                await TaskGroup.RunAsync(group =>
                {
                    for (var i = 0; i < AtOnce; i++)
                    {
                        _ = group.Start(VisitAsync());
                    }

                    return default;
                });

                async Coroutine VisitAsync()
                {
                    for (var number = next++; number < count; number = next++)
                    {
                        var address = new IPAddress([127, 0, 1, (byte)(1 + (number % Addresses))]);
                        await using var connection = await TcpConnection.ConnectAsync(
                            new IPEndPoint(address, server.Port), new() { Socket = new() { LocalEndPoint = new IPEndPoint(address, 0) } });
                        connection.Writer.Write("hello\n");
                        Stage.Require(await connection.Reader.ReadLineAsync() == "hello", "an echo was another");
                    }
                }

                // The other process hears of the last ends a moment later.
                var after = await ServerStats.AskAsync(server.EndPoint);
                for (var i = 0; i < 50 && after.Descriptors != before.Descriptors; i++)
                {
                    await Coroutine.Delay(TimeSpan.FromMilliseconds(100));
                    after = await ServerStats.AskAsync(server.EndPoint);
                }

                Stage.Require(after.Descriptors == before.Descriptors, $"the server keeps {after.Descriptors - before.Descriptors} descriptors");
                Stage.Require(after.Tasks == before.Tasks, $"the server keeps {after.Tasks - before.Tasks} tasks");
                Stage.Require(Descriptors.Count == descriptors, $"the client keeps {Descriptors.Count - descriptors} descriptors");
                Stage.Require(EventLoop.Current.Tasks.Count == 1, $"the client keeps {EventLoop.Current.Tasks.Count - 1} tasks");

                // Its text says how many timers are set.
                var loop = EventLoop.Current.ToString();
                Stage.Require(loop.Contains(" 0 timers", StringComparison.Ordinal), $"timers are left: {loop}");
            },
            Poller.Of(poller));
        return $"from and to {Addresses} addresses, {AtOnce} at once; no descriptor, task or timer is left";
    }
}
