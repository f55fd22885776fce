using System.Globalization;

namespace Heddle.NetworkStage;

/// <summary>More clients than the server has descriptors.</summary>
internal static class Crowded
{
    private const int Limit = 250;
    private const int Clients = 400;

    internal static string Run(string poller)
    {
        using var server = ServerProcess.WithDescriptors(Limit, poller);
        return Stage.OnLoop(poller, async () =>
        {
            var before = await server.AskAsync();
            var clients = new List<TcpConnection>();
            for (var i = 0; i < Clients; i++)
            {
                clients.Add(await TcpConnection.ConnectAsync(server.EndPoints[0]));
            }

            var answered = await Coroutine.WhenAll(clients.Select(IsAnsweredAsync));
            var served = answered.Count(static one => one);
            Stage.Require(served is > Limit / 2 and < Limit, $"{served} were served at once with {Limit} descriptors");

            // It opens a file for that, which takes a descriptor.
            var first = clients[answered.IndexOf(true)];
            first.Writer.Write($"{EchoServer.Ask}\n");
            var crowded = Held.Parse((await first.Reader.ReadLineAsync())!);
            foreach (var client in clients)
            {
                await client.DisposeAsync();
            }

            for (var i = 0; i < Clients; i++)
            {
                await using var later = await TcpConnection.ConnectAsync(server.EndPoints[0]);
                Stage.Require(await IsAnsweredAsync(later), "one who came when the others had gone was not served");
            }

            var after = await WaitForAsync(server, before);
            Stage.Require(after.Reports - before.Reports is > 0 and < 10, $"there were {after.Reports - before.Reports} reports");
            return string.Create(
                CultureInfo.InvariantCulture,
                $"{served} served at once with {crowded.Descriptors} descriptors, all of {Clients} who came later; {after.Reports - before.Reports} reports, descriptors and tasks as before");
        });
    }

    private static async Coroutine<bool> IsAnsweredAsync(TcpConnection connection)
    {
        connection.Writer.Write("hello\n");
        string? answer = null;

        // Real: for those who are not served, which nothing tells.
        await CancelScope.MoveOnAfterAsync(TimeSpan.FromSeconds(5), async _ =>
        {
            answer = await connection.Reader.ReadLineAsync();
        });
        return answer == "hello";
    }

    private static async Coroutine<Held> WaitForAsync(ServerProcess server, Held before)
    {
        for (var patience = 50; ; patience--)
        {
            var now = await server.AskAsync();
            if ((now with { Reports = before.Reports }).IsNoMoreThan(before))
            {
                return now;
            }

            Stage.Require(patience > 0, $"the server keeps {now.Since(before)}");
            await Coroutine.Delay(TimeSpan.FromMilliseconds(100));
        }
    }
}
