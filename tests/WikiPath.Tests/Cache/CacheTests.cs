using System.Globalization;
using System.Text.Json;
using Heddle;
using WikiPath.Cache;
using WikiPath.Cli;
using WikiPath.MediaWiki;
using WikiPath.Sample;
using WikiPath.Search;
using WikiPath.Tests.Cli;
using WikiPath.Tests.MediaWiki;

namespace WikiPath.Tests.Cache;

public sealed class CacheTests : IDisposable
{
    readonly string _folder = Directory.CreateTempSubdirectory("wikipath-cache").FullName;
    readonly WikiContent _wiki = Chain();

    string Cache => Path.Combine(_folder, "deep", "links.db");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_second_run_asks_the_wiki_nothing_and_says_the_same()
    {
        var first = Json(Run(out var asked));
        var second = Json(Run(out var again));

        Assert.True(asked > 5);
        Assert.Equal(0, again);
        Assert.Equal(0, second.GetProperty("requests").GetInt32());
        foreach (var name in new[] { "distance", "pathCount", "paths", "from", "to" })
        {
            Assert.Equal(first.GetProperty(name).GetRawText(), second.GetProperty(name).GetRawText());
        }
    }

    [Fact]
    public void Without_a_cache_everything_is_asked_again_and_nothing_is_kept()
    {
        Run(out var first, "--no-cache");
        Assert.False(Directory.Exists(Path.GetDirectoryName(Cache)));
        Run(out var second, "--no-cache");

        Assert.Equal(first, second);
    }

    [Fact]
    public void What_is_older_than_the_age_is_asked_again()
    {
        Run(out var first);
        Run(out var second, "--cache-age", "0s");
        Run(out var third, "--cache-age", "12h");

        Assert.True(second >= first - 1, $"{first} requests at first, {second} again.");
        Assert.Equal(0, third);
    }

    [Fact]
    public void A_cleared_cache_is_gone()
    {
        Run(out _);
        var cleared = CliRun.Of("--clear-cache", "--cache", Cache);
        Assert.Equal(new CliRun(ExitCode.Found, "", $"wikipath: deleted {Cache}\n"), cleared);
        Assert.Equal("wikipath: there was no cache to delete.\n", CliRun.Of("--clear-cache", "--cache", Cache).Error);

        Run(out var requests);
        Assert.True(requests > 5);
    }

    [Fact]
    public void An_interrupted_search_goes_on_where_it_was()
    {
        Run(out var whole, "--no-cache");
        EventLoop.Run(async () => await CancelScope.RunAsync(async scope =>
        {
            // Cut off in the middle: the wiki stops answering, and the user stops waiting.
            var network = new FallsSilent(new InMemoryWikiHandler(_wiki), whole / 2, () => scope.Cancel());
            await CliProgram.RunAsync(Args(), new Surroundings { Network = network }.Host);
        }));

        var run = Run(out var rest);

        Assert.Equal(ExitCode.Found, run.ExitCode);
        // A few were on their way when it was cut off.
        Assert.InRange(rest, 1, whole - whole / 2 + 6);
    }

    [Fact]
    public void A_file_that_is_no_cache_is_warned_of_once_and_left_as_it_is()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Cache)!);
        File.WriteAllText(Cache, string.Join(' ', Enumerable.Repeat("This is no database.", 500)));
        var text = File.ReadAllText(Cache);

        var run = Run(out _);

        Assert.Equal((ExitCode.Found, 20), (run.ExitCode, Json(run).GetProperty("distance").GetInt32()));
        Assert.Equal(1, run.Error.Split("cannot be used").Length - 1);
        Assert.DoesNotContain("--clear-cache", run.Error, StringComparison.Ordinal);
        Assert.Contains("--cache FILE", run.Error, StringComparison.Ordinal);
        Assert.Equal(text, File.ReadAllText(Cache));
    }

    [Fact]
    public void A_cache_damaged_in_the_middle_does_no_harm()
    {
        Run(out _);
        var bytes = File.ReadAllBytes(Cache);
        for (var i = 4096; i < bytes.Length; i++) bytes[i] = (byte)(i * 31);
        File.WriteAllBytes(Cache, bytes);

        var run = Run(out _);

        Assert.Equal((ExitCode.Found, 20), (run.ExitCode, Json(run).GetProperty("distance").GetInt32()));
        Assert.Equal(1, run.Error.Split("cannot be used").Length - 1);
        Assert.Contains("Delete it with --clear-cache", run.Error, StringComparison.Ordinal);
        Assert.Equal($"wikipath: deleted {Cache}\n", CliRun.Of("--clear-cache", "--cache", Cache).Error);
    }

    [Fact]
    public void A_place_where_nothing_can_be_written_does_no_harm()
    {
        File.WriteAllText(Path.Combine(_folder, "deep"), "a file where a folder should be");

        var run = Run(out _);

        Assert.Equal(ExitCode.Found, run.ExitCode);
        Assert.Equal(1, run.Error.Split("cannot be used").Length - 1);
    }

    [Fact]
    public void Two_runs_at_once_share_the_file() => EventLoop.Run(async () =>
    {
        var address = TestWiki.Address;
        LinkCache[] caches =
        [
            .. Enumerable.Range(0, 4).Select(_ =>
                new LinkCache(Cache, address, TimeSpan.FromDays(1), EventLoop.Current.Clock)),
        ];
        for (var i = 0; i < 200; i++)
        {
            caches[i % 4].Remember(Direction.Forward, $"Page {i}", [$"Link {i}", "Карл Маркс"]);
        }
        foreach (var cache in caches) await cache.CloseAsync();

        var reader = new LinkCache(Cache, address, TimeSpan.FromDays(1), EventLoop.Current.Clock);
        var titles = Enumerable.Range(0, 200).Select(i => $"Page {i}").ToList();
        var found = await reader.RecallAsync(Direction.Forward, titles);
        Assert.Empty(await reader.RecallAsync(Direction.Backward, titles));
        await reader.CloseAsync();

        Assert.All(caches.Append(reader), cache => Assert.Null(cache.Problem));
        Assert.Equal(200, found.Count);
        Assert.Equal(["Link 7", "Карл Маркс"], found["Page 7"]);
    });

    [Fact]
    public void Another_wiki_has_pages_of_its_own() => EventLoop.Run(async () =>
    {
        Assert.True(WikiAddress.TryParse("ru", out var other));
        var one = new LinkCache(Cache, TestWiki.Address, TimeSpan.FromDays(1), EventLoop.Current.Clock);
        one.Remember(Direction.Forward, "A", ["B"]);
        await one.CloseAsync();
        var two = new LinkCache(Cache, other, TimeSpan.FromDays(1), EventLoop.Current.Clock);

        Assert.Empty(await two.RecallAsync(Direction.Forward, ["A"]));
        await two.CloseAsync();
    });

    // Twenty links one after the other, with some dead ends.
    static WikiContent Chain()
    {
        var lines = new List<string>();
        for (var i = 0; i < 20; i++) lines.Add(string.Create(CultureInfo.InvariantCulture, $"P{i}: P{i + 1}, X{i}"));
        for (var i = 0; i < 20; i++) lines.Add($"X{i}:");
        return TestWiki.Of([.. lines, "P20:"]);
    }

    string[] Args(params string[] more) =>
        ["P0", "P20", "--wiki", "wiki.example.org", "--json", "--cache", Cache, .. more];

    CliRun Run(out int requests, params string[] more)
    {
        var network = new TestNetwork(new InMemoryWikiHandler(_wiki));
        var run = CliRun.OnRealLoop(new Surroundings { Network = network }, Args(more));
        requests = network.Sent.Count;
        return run;
    }

    static JsonElement Json(CliRun run)
    {
        using var json = JsonDocument.Parse(run.Out);
        return json.RootElement.Clone();
    }

    /// <summary>Leaves every request without an answer after so many.</summary>
    sealed class FallsSilent(HttpMessageHandler wiki, int requests, Action onSilence) : DelegatingHandler(wiki)
    {
        int _sent;

        protected override async Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (++_sent <= requests) return await base.SendAsync(request, cancellationToken);
            onSilence();
            return await new TaskCompletionSource<HttpResponseMessage>().Task.WaitAsync(cancellationToken);
        }
    }
}
