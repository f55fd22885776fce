using System.Globalization;
using System.Net;
using System.Text;
using Heddle.Testing;
using WikiPath;
using WikiPath.MediaWiki;
using WikiPath.Sample;
using WikiPath.Tests;
using WikiPath.Tests.Search;

namespace Heddle.TestPrograms;

/// <summary>WikiPath's own search, over its own HTTP client, against a wiki on another machine while faults strike: it finds all shortest paths, or says what failed.</summary>
internal static class SimulatedWiki
{
    internal static async Coroutine RunAsync(SimulationWorld world)
    {
        world.Faults = SimulationFaults.All;
        var random = world.Random;
        var wiki = new RandomWiki(random, mostArticles: 24);
        var rows = random.Next(3, 60);
        world.AddHost("wiki", () => ServeAsync(world, new InMemoryWikiHandler(wiki.Content) { RowsPerAnswer = rows }));
        var reader = world.AddHost("reader");
        try
        {
            await reader.RunAsync(() => FindAsync(world, wiki));
        }
        catch (LoopTaskCanceledException)
        {
            // By the fault.
        }
    }

    private static async Coroutine FindAsync(SimulationWorld world, RandomWiki wiki)
    {
        await using var http = WikiHttp.CreateClient(contact: null, connections: 4);
        WikiAddress.TryParse("http://wiki/api.php", out var address);
        var api = new WikiApi(http, address!, new RetryPolicy { Jitter = world.Random });
        try
        {
            var ends = await new ArticleFinder(api).FindAsync(wiki.From, wiki.To);
            world.Always(ends.Select(static end => end.Title).SequenceEqual([wiki.From, wiki.To]), "the articles are found");
            var paths = await new PathFinder(new WikiLinkSource(api), wiki.From, wiki.To).FindAsync();
            var (distance, count) = PlainSearch.Run(wiki.From, wiki.To, wiki.LinksOf);
            world.Always(paths?.Distance == distance && (paths?.Count ?? 0) == count, "all shortest paths are found, and no other");
            world.Sometimes(true, "a search ends");
        }
        catch (WikiException)
        {
            world.Sometimes(true, "a wiki fails");
        }
        catch (AggregateException failures) when (failures.TryFind<LoopTaskCanceledException>(out _))
        {
            // By the fault: a question of the search's was cancelled, and no more than that.
        }
    }

    private static async Coroutine ServeAsync(SimulationWorld world, InMemoryWikiHandler wiki)
    {
        using var invoker = new HttpMessageInvoker(wiki, disposeHandler: false);
        var random = world.Random;
        await using var server = TcpServer.Start(new(IPAddress.Any, 80), connection => PlainHttp.ServeAsync(connection, AnswerAsync));
        await Coroutine.Delay(Timeout.InfiniteTimeSpan);

        async Coroutine<PlainAnswer> AnswerAsync(PlainRequest request)
        {
            if (random.Next(20) == 0)
            {
                return new([], 503) { Headers = [string.Create(CultureInfo.InvariantCulture, $"Retry-After: {random.Next(1, 20)}")] };
            }

            if (random.Next(4) == 0)
            {
                await Coroutine.Delay(TimeSpan.FromMilliseconds(random.Next(500)));
            }

            using var asked = new HttpRequestMessage(new(request.Method), $"http://wiki{request.Target}");
            if (request.Method == "POST")
            {
                asked.Content = new StringContent(Encoding.UTF8.GetString(request.Body));
            }

            // It has its wiki in memory, so that it has answered when it returns.
            var answered = invoker.SendAsync(asked, CancellationToken.None);
            using var answer = answered.IsCompleted ? answered.Result : throw new InvalidOperationException("The wiki in memory has gone elsewhere.");
            using var body = new MemoryStream();
            answer.Content.CopyTo(body, null, CancellationToken.None);
            return new(body.ToArray())
            {
                Headers = [$"Content-Type: {answer.Content.Headers.ContentType}", .. answer.Headers.Select(header => $"{header.Key}: {string.Join(',', header.Value)}")],
                IsChunked = random.Next(2) == 0,
                Closes = random.Next(10) == 0,
            };
        }
    }
}
