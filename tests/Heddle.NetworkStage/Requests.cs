using System.Globalization;
using System.Net;

namespace Heddle.NetworkStage;

/// <summary>Many requests, of which a third are cancelled at a random moment: each of the others gets its own answer.</summary>
internal static class Requests
{
    private const int AtOnce = 50;

    internal static string Run(HttpTransport transport, int version, int count)
    {
        using var server = new WebServer();
        return Stage.OnLoop("epoll", async () =>
        {
            var address = version == 2 ? server.Http2 : server.Http1;
            await AskAllAsync(address, transport, version, AtOnce * 4, new Tally());
            var before = await SettledAsync();
            var tally = new Tally();
            await AskAllAsync(address, transport, version, count, tally);
            var after = await SettledAsync();
            for (var patience = 50; after.Descriptors > before.Descriptors || after.Tasks != before.Tasks || after.Timers > before.Timers; patience--)
            {
                Stage.Require(patience > 0, $"the client keeps {after.Since(before)}");
                after = await SettledAsync();
            }

            Stage.Require(after.Reports == before.Reports, $"there were {after.Reports - before.Reports} reports");
            Stage.Require(tally.Right + tally.Cancelled == count, $"{tally.Right} were right and {tally.Cancelled} cancelled of {count}");
            return string.Create(
                CultureInfo.InvariantCulture,
                $"{tally.Right} right, {tally.Cancelled} cancelled ({tally.Late} more were to be and were done before); descriptors, tasks and timers as before");
        });
    }

    /// <summary>Real: connections are closed by threads that nobody waits for.</summary>
    private static async Coroutine<Held> SettledAsync()
    {
        await Coroutine.Delay(TimeSpan.FromMilliseconds(100));
        return Held.Now();
    }

    private static async Coroutine AskAllAsync(string address, HttpTransport transport, int version, int count, Tally tally)
    {
        await using var http = new LoopHttpClient(new() { BaseAddress = new(address), Transport = transport, UseProxy = false });
        var (next, random) = (0, new Random(version));
        await TaskGroup.RunAsync(group =>
        {
            for (var i = 0; i < AtOnce; i++)
            {
                _ = group.Start(AskAsync());
            }

            return default;
        });

        async Coroutine AskAsync()
        {
            for (var number = next++; number < count; number = next++)
            {
                var (times, pause) = (random.Next(1, 2000), random.Next(20) == 0 ? 2 : 0);
                var toBeCancelled = number % 3 == 0;
                var whole = false;
                var patience = toBeCancelled ? TimeSpan.FromMicroseconds(random.Next(6000)) : TimeSpan.FromMinutes(1);
                await CancelScope.MoveOnAfterAsync(patience, async _ =>
                {
                    var answer = await AskOnceAsync(http, version, number, times, pause, random.Next(2) == 0);
                    Stage.Require(answer == WebServer.AnswerTo(number, times), $"request {number} got '{answer[..Math.Min(answer.Length, 100)]}'");
                    whole = true;
                });
                Stage.Require(whole || toBeCancelled, $"request {number} was cancelled, which it was not to be");
                tally.Right += whole ? 1 : 0;
                tally.Cancelled += whole ? 0 : 1;
                tally.Late += whole && toBeCancelled ? 1 : 0;
            }
        }
    }

    private static async Coroutine<string> AskOnceAsync(LoopHttpClient http, int version, int number, int times, int pause, bool inPieces)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, string.Create(CultureInfo.InvariantCulture, $"{number}/{times}/{pause}"))
        {
            Version = version == 2 ? HttpVersion.Version20 : HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        if (!inPieces)
        {
            return await (await http.SendAsync(request)).EnsureSuccess().ReadAsStringAsync();
        }

        await using var response = (await http.StreamAsync(request)).EnsureSuccess();
        return await response.ReadAsStringAsync();
    }

    private sealed class Tally
    {
        internal int Right { get; set; }

        internal int Cancelled { get; set; }

        internal int Late { get; set; }
    }
}
