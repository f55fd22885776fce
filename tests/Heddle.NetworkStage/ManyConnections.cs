using System.Globalization;

namespace Heddle.NetworkStage;

/// <summary>Many that are open at once and mostly silent; both ends in processes of their own.</summary>
internal static class ManyConnections
{
    private static readonly TimeSpan s_second = TimeSpan.FromSeconds(1);

    internal static string Run(string poller, int count, TimeSpan time)
    {
        using var server = new ServerProcess(poller);
        var report = "";
        EventLoop.Run(
            async () =>
            {
                var descriptors = Descriptors.Count;
                var before = await ServerStats.AskAsync(server.EndPoint);
                ServerStats? full = null;
                var echoes = 0L;
                var isOpen = 0;
                await TaskGroup.RunAsync(async group =>
                {
                    var entry = new AsyncSemaphore(200);
                    for (var i = 0; i < count; i++)
                    {
                        _ = group.Start(EchoAsync(i));
                    }

                    while (isOpen < count)
                    {
                        await Coroutine.Delay(s_second / 10);
                    }

                    full = await ServerStats.AskAsync(server.EndPoint);

                    async Coroutine EchoAsync(int number)
                    {
                        await entry.AcquireAsync();
                        await using var connection = await TcpConnection.ConnectAsync(server.EndPoint);
                        entry.Release();
                        isOpen++;
                        for (var round = 0; round < time.TotalSeconds; round++)
                        {
                            var message = string.Create(CultureInfo.InvariantCulture, $"connection {number}, round {round}");
                            connection.Writer.Write($"{message}\n");
                            Stage.Require(await connection.Reader.ReadLineAsync() == message, "an echo was another");
                            echoes++;
                            await Coroutine.Delay(s_second);
                        }
                    }
                });

                // What the other process closes after the last of these it closes when it comes to it.
                var after = await ServerStats.AskAsync(server.EndPoint);
                for (var i = 0; i < 50 && after.Descriptors != before.Descriptors; i++)
                {
                    await Coroutine.Delay(s_second / 10);
                    after = await ServerStats.AskAsync(server.EndPoint);
                }

                Stage.Require(echoes == count * (long)time.TotalSeconds, $"{echoes} echoes");
                Stage.Require(full!.Descriptors - before.Descriptors == count, $"the server held {full.Descriptors - before.Descriptors} of them");
                Stage.Require(after.Descriptors == before.Descriptors, $"the server keeps {after.Descriptors - before.Descriptors} descriptors");
                Stage.Require(after.Tasks == before.Tasks, $"the server keeps {after.Tasks - before.Tasks} tasks");
                Stage.Require(Descriptors.Count == descriptors, $"the client keeps {Descriptors.Count - descriptors} descriptors");
                Stage.Require(EventLoop.Current.Tasks.Count == 1, $"the client keeps {EventLoop.Current.Tasks.Count - 1} tasks");
                report = string.Create(
                    CultureInfo.InvariantCulture,
                    $"{echoes} echoes, {(full.Bytes - before.Bytes) / count} bytes of the server's memory a connection, descriptors as before");
            },
            Poller.Of(poller));
        return report;
    }
}
