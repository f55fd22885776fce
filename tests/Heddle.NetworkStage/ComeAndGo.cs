using System.Globalization;
using System.Net;

namespace Heddle.NetworkStage;

/// <summary>Many that come one after the other, from and to several addresses, say something, and go in one of three ways.</summary>
internal static class ComeAndGo
{
    private const int AtOnce = 100;

    internal static string Run(string poller, int count) => Stage.WithServer(poller, async server =>
    {
        // What a process makes once is made before anything is counted.
        await VisitAllAsync(server, AtOnce * EchoServer.Addresses);
        var leaks = await Leaks.WatchAsync(server);
        var before = Held.Now().Managed;
        await VisitAllAsync(server, count);
        await leaks.RequireNoneAsync();
        return string.Create(
            CultureInfo.InvariantCulture,
            $"from and to {EchoServer.Addresses} addresses, {AtOnce} at once; no descriptor, task or timer is left, "
            + $"and {Held.Now().Managed - before} bytes of the client's memory");
    });

    private static Coroutine VisitAllAsync(ServerProcess server, int count)
    {
        var next = 0;
        return TaskGroup.RunAsync(group =>
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
                // Under a timeout, so that there are timers to be left behind.
                await VisitOnceAsync(server, number).WithTimeout(TimeSpan.FromMinutes(1));
            }
        }
    }

    private static async Coroutine VisitOnceAsync(ServerProcess server, int number)
    {
        var to = server.EndPoints[number % EchoServer.Addresses];
        var from = new IPEndPoint(to.Address, 0);
        await using var connection = await TcpConnection.ConnectAsync(to, new() { Socket = new() { LocalEndPoint = from } });
        var message = number.ToString(CultureInfo.InvariantCulture);
        connection.Writer.Write($"{message}\n");
        Stage.Require(await connection.Reader.ReadLineAsync() == message, "an echo was another");
        switch (number / EchoServer.Addresses % 3)
        {
            case 0:
                connection.Abort();
                break;
            case 1:
                connection.Writer.Write($"{EchoServer.Dismiss}\n");
                Stage.Require((await connection.Reader.ReadToEndAsync()).Length == 0, "there was more after the end");
                break;
        }
    }
}
