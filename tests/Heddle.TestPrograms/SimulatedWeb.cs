using System.Globalization;
using System.Net;
using System.Text;
using Heddle.Testing;

namespace Heddle.TestPrograms;

/// <summary>A shop that is asked over HTTP, by clients that share connections, while faults strike: each answer is right, or a failure that the documentation names.</summary>
internal static class SimulatedWeb
{
    private const int Items = 4;

    internal static async Coroutine RunAsync(SimulationWorld world)
    {
        world.Faults = SimulationFaults.All;
        var paid = new Dictionary<string, int>();
        var random = world.Random;
        world.AddHost("shop", () => ServeAsync(random, paid));
        var desk = world.AddHost("desk");
        world.Network.Between("shop", "desk").Latency = Latency.HeavyTail(TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(200));
        world.AddHost("kiosk", () => KeepAskingAsync(world));
        try
        {
            await desk.RunAsync(() => AskAsync(world));
        }
        catch (LoopTaskCanceledException)
        {
            // By the fault.
        }

        world.Always(paid.Values.All(static times => times == 1), "what is posted is done at most once");
    }

    internal static async Coroutine AskOnceAsync()
    {
        await using var http = new LoopHttpClient();
        await http.GetStringAsync("http://shop/once");
    }

    private static async Coroutine ServeAsync(Random random, Dictionary<string, int> paid)
    {
        await using var server = TcpServer.Start(new(IPAddress.Any, 80), connection => PlainHttp.ServeAsync(connection, AnswerAsync));
        await Coroutine.Delay(Timeout.InfiniteTimeSpan);

        async Coroutine<PlainAnswer> AnswerAsync(PlainRequest request)
        {
            if (request.Method == "POST")
            {
                var order = request.Headers["X-Order"];
                paid[order] = paid.GetValueOrDefault(order) + 1;
            }

            if (random.Next(4) == 0)
            {
                await Coroutine.Delay(TimeSpan.FromMilliseconds(random.Next(100)));
            }

            return new(request.Method == "POST" ? request.Body : BodyOf(request.Target))
            {
                IsChunked = random.Next(2) == 0,
                Closes = random.Next(6) == 0,
            };
        }
    }

    /// <summary>It begins anew after a crash, with a client of its own, and never ends.</summary>
    private static async Coroutine KeepAskingAsync(SimulationWorld world)
    {
        await using var http = new LoopHttpClient();
        for (var item = 0; item < 2; item++)
        {
            await TryAsync(world, () => GetAsync(world, http, string.Create(CultureInfo.InvariantCulture, $"/kiosk/{item}")));
        }

        await Coroutine.Delay(Timeout.InfiniteTimeSpan);
    }

    private static async Coroutine AskAsync(SimulationWorld world)
    {
        await using var http = new LoopHttpClient(new() { MaxConnectionsPerServer = 2 });
        await TaskGroup.RunAsync(async group =>
        {
            for (var item = 0; item < Items; item++)
            {
                var number = item;
                group.Start(() => BuyAsync(world, http, number), string.Create(CultureInfo.InvariantCulture, $"customer {item}"));
            }

            await Coroutine.Yield();
        });
    }

    private static async Coroutine BuyAsync(SimulationWorld world, LoopHttpClient http, int number)
    {
        var limit = TimeSpan.FromMilliseconds(world.Random.Next(10, 20_000));
        await TryAsync(world, () => GetAsync(world, http, string.Create(CultureInfo.InvariantCulture, $"/item/{number}")).WithTimeout(limit));
        await TryAsync(world, () => PostAsync(world, http, string.Create(CultureInfo.InvariantCulture, $"order {number}")));
        await TryAsync(world, () => StreamAsync(world, http, string.Create(CultureInfo.InvariantCulture, $"/stream/{number}")));
    }

    private static async Coroutine GetAsync(SimulationWorld world, LoopHttpClient http, string target)
    {
        await using var answer = await http.GetAsync($"http://shop{target}");
        Verify(world, await answer.ReadAsBytesAsync(), BodyOf(target));
    }

    private static async Coroutine PostAsync(SimulationWorld world, LoopHttpClient http, string order)
    {
        var body = Encoding.UTF8.GetBytes($"{order} {new string('.', 500)}");
        using var request = new HttpRequestMessage(HttpMethod.Post, "http://shop/orders") { Content = new ByteArrayContent(body) };
        request.Headers.Add("X-Order", order);
        await using var answer = await http.SendAsync(request);
        Verify(world, await answer.ReadAsBytesAsync(), body);
    }

    private static async Coroutine StreamAsync(SimulationWorld world, LoopHttpClient http, string target)
    {
        await using var answer = await http.StreamAsync($"http://shop{target}");
        var whole = BodyOf(target);
        var leavesEarly = world.Random.Next(4) == 0;
        var read = new List<byte>();
        await foreach (var piece in answer.ReadChunksAsync())
        {
            read.AddRange(piece.Span);
            if (leavesEarly)
            {
                world.Always(whole.AsSpan().StartsWith(read.ToArray()), "what was read is the beginning of the answer");
                return;
            }
        }

        Verify(world, [.. read], whole);
    }

    private static void Verify(SimulationWorld world, byte[] body, byte[] expected)
        => world.Always(body.AsSpan().SequenceEqual(expected), "an answer is the whole one of its own request");

    private static async Coroutine TryAsync(SimulationWorld world, Func<Coroutine> ask)
    {
        try
        {
            await ask();
            world.Sometimes(true, "an answer comes");
        }
        catch (LoopHttpException)
        {
            world.Sometimes(true, "a connection fails");
        }
        catch (TimeoutException)
        {
            world.Sometimes(true, "a server is silent for too long");
        }
    }

    /// <summary>Another one for each target, and of another length.</summary>
    private static byte[] BodyOf(string target)
    {
        var text = new StringBuilder(target);
        for (var i = 0; text.Length < 40; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $" {i}");
        }

        return Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(text.ToString(), 1 + (17 * target[^1] % 37))));
    }
}
