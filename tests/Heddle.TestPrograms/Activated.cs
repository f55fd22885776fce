using Heddle.LowLevel;

namespace Heddle.TestPrograms;

/// <summary>Serves what it was started with, as systemd starts programs: echoes at each socket, until its input ends.</summary>
internal static class Activated
{
    internal static int Run(string poller)
    {
        EventLoop.Run(
            async () =>
            {
                var sockets = InheritedSocket.TakeAll();
                Console.WriteLine(string.Join(' ', sockets.Select(static socket => socket.Name)));
                Console.WriteLine($"{InheritedSocket.TakeAll().Count} the second time");

                // A child sees neither the variables nor the descriptors.
                var child = await Subprocess.RunShellAsync(
                    "echo ${LISTEN_FDS-none} ${LISTEN_PID-none} ${LISTEN_FDNAMES-none}; [ -S /proc/self/fd/3 ] || [ -S /proc/self/fd/4 ] && echo open || echo closed");
                Console.Write(child.OutputText);

                try
                {
                    TcpServer.StartInherited(sockets, EchoAsync);
                }
                catch (ConnectionException failure)
                {
                    Console.WriteLine(failure.Message);
                }

                await using var web = TcpServer.StartInherited([sockets[0]], EchoAsync);
                await using var control = UnixServer.StartInherited([sockets[1]], EchoAsync);
                Console.WriteLine($"{web} and {control}");
                await Task.Run(Console.In.ReadToEnd, CancellationToken.None).OrCanceled();
            },
            new() { Poller = poller == "epoll" ? Pollers.Epoll : Pollers.Sockets });
        return 0;
    }

    private static async Coroutine EchoAsync(Connection connection)
    {
        await foreach (var line in connection.Reader.ReadLinesAsync())
        {
            connection.Writer.Write($"{line}\n");
            await connection.Writer.DrainAsync();
        }
    }
}
