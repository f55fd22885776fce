using System.Globalization;

namespace Heddle.NetworkStage;

/// <summary>Many that are open at once and mostly silent; both ends in processes of their own.</summary>
internal static class ManyConnections
{
    private const int ConnectingAtOnce = 200;

    internal static string Run(string poller, int count, int seconds) => Stage.WithServer(poller, async server =>
    {
        // What a process makes once is made before anything is counted.
        await new Crowd(server, ConnectingAtOnce, rounds: 1).RunAsync(static () => default);
        var leaks = await Leaks.WatchAsync(server);
        var memory = default((long Managed, long Resident));
        var crowd = new Crowd(server, count, seconds);
        await crowd.RunAsync(async () =>
        {
            await Coroutine.Delay(TimeSpan.FromSeconds(seconds / 2.0));
            memory = await leaks.MemoryOfEachAsync(count);
        });
        Stage.Require(crowd.Echoes == (long)count * seconds, $"there were {crowd.Echoes} echoes");
        await leaks.RequireNoneAsync();
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{crowd.Echoes} echoes, the slowest after {crowd.Slowest.TotalMilliseconds:0} ms; the server's memory a connection: "
            + $"{memory.Managed} bytes managed, {memory.Resident} resident; descriptors, tasks and timers as before");
    });

    /// <summary>Each sends a line a second.</summary>
    private sealed class Crowd(ServerProcess server, int count, int rounds)
    {
        private readonly AsyncSemaphore _entry = new(ConnectingAtOnce);
        private readonly AsyncManualResetEvent _allAreOpen = new();
        private int _open;
        private TimeSpan _began;

        internal long Echoes { get; private set; }

        internal TimeSpan Slowest { get; private set; }

        /// <param name="whenOpen">Runs beside the echoing, from when all are connected.</param>
        internal Coroutine RunAsync(Func<Coroutine> whenOpen) => TaskGroup.RunAsync(async group =>
        {
            for (var number = 0; number < count; number++)
            {
                _ = group.Start(EchoAsync(number));
            }

            await _allAreOpen.WaitAsync();
            await whenOpen();
        });

        private async Coroutine EchoAsync(int number)
        {
            await _entry.AcquireAsync();
            await using var connection = await TcpConnection.ConnectAsync(server.EndPoints[0]);
            _entry.Release();
            if (++_open == count)
            {
                _began = EventLoop.Current.Now;
                _allAreOpen.Set();
            }

            await _allAreOpen.WaitAsync();
            for (var round = 0; round < rounds; round++)
            {
                var due = _began + TimeSpan.FromSeconds(round + ((double)number / count));
                await Coroutine.Delay(TimeSpan.FromTicks(Math.Max(0, (due - EventLoop.Current.Now).Ticks)));
                await EchoAsync(connection, string.Create(CultureInfo.InvariantCulture, $"connection {number}, round {round}"));
            }
        }

        private async Coroutine EchoAsync(TcpConnection connection, string message)
        {
            var sent = EventLoop.Current.Now;
            connection.Writer.Write($"{message}\n");
            var echo = await connection.Reader.ReadLineAsync();
            Stage.Require(echo == message, $"'{message}' came back as '{echo}'");
            var took = EventLoop.Current.Now - sent;
            Slowest = took > Slowest ? took : Slowest;
            Echoes++;
        }
    }
}
