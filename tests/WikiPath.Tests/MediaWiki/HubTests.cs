using System.Collections;
using Heddle.Testing;
using WikiPath.MediaWiki;
using WikiPath.Sample;

namespace WikiPath.Tests.MediaWiki;

/// <summary>Pages that a million others link to, as a large wiki has them.</summary>
public sealed class HubTests
{
    const int Fans = 1_000_000;

    [Fact]
    public void A_hub_two_links_away_is_reached_with_few_requests_and_every_path_is_counted()
    {
        // A hundred pages of two hundred lead to the hub, thirty of them by one of its other names.
        var wiki = new HubWiki("Hub");
        AddArticles(wiki, "Start", "M", 200, i => i % 2 == 0 ? [i < 60 ? "The hub" : "Hub"] : []);
        wiki.AddArticle("Hub", []);
        for (var i = 0; i < 120; i++) wiki.AddRedirect($"Hub, name {i}", "Hub");
        wiki.AddRedirect("The hub", "Hub, name 7");

        var (distance, count, requests) = Find(wiki, "Start", "Hub");

        Assert.Equal((2, 100), (distance, count));
        Assert.InRange(requests, 1, 80);     // 2,000 would read the hub's links
    }

    [Fact]
    public void A_hub_in_the_middle_of_the_way_back_does_no_harm()
    {
        // Start → 60 pages → Hub → Goal, and a long way round to Goal.
        var wiki = new HubWiki("Hub");
        AddArticles(wiki, "Start", "M", 60, i => i % 10 == 0 ? ["Hub"] : []);
        wiki.AddArticle("Hub", ["Goal", "Other"]);
        wiki.AddArticle("Goal", []);
        wiki.AddArticle("Other", []);
        for (var i = 0; i < 30; i++) wiki.AddArticle($"Beside {i}", ["Goal"]);

        var (distance, count, requests) = Find(wiki, "Start", "Goal");

        Assert.Equal((3, 6), (distance, count));
        Assert.InRange(requests, 1, 60);
    }

    static void AddArticles(HubWiki wiki, string start, string prefix, int count, Func<int, string[]> links)
    {
        wiki.AddArticle(start, [.. Enumerable.Range(0, count).Select(i => $"{prefix} {i:000}")]);
        for (var i = 0; i < count; i++)
        {
            // Two hundred links each, as articles have them.
            wiki.AddArticle($"{prefix} {i:000}", [.. links(i), .. Enumerable.Range(0, 200).Select(j => $"Far {i} {j}")]);
        }
    }

    static (int? Distance, int Count, int Requests) Find(HubWiki wiki, string from, string to)
    {
        var api = TestWiki.Api(new InMemoryWikiHandler(wiki));
        var paths = VirtualTime.Run(() => new PathFinder(new WikiLinkSource(api), from, to).FindAsync());
        return (paths?.Distance, (int)(paths?.Count ?? 0), api.Requests);
    }

    /// <summary>A wiki in which a million more pages link to one.</summary>
    sealed class HubWiki(string hub) : WikiContent
    {
        public override IReadOnlyList<WikiPage> LinksTo(string title) =>
            title == hub ? new Crowd(base.LinksTo(title)) : base.LinksTo(title);
    }

    /// <summary>The pages of the wiki, with the crowd among them.</summary>
    sealed class Crowd(IReadOnlyList<WikiPage> others) : IReadOnlyList<WikiPage>
    {
        public int Count => Fans + others.Count;

        public WikiPage this[int index] => index >= Fans ? others[index - Fans]
            : index < s_first.Length ? s_first[index]
            : Fan(index);

        public IEnumerator<WikiPage> GetEnumerator() => Enumerable.Range(0, Count).Select(i => this[i]).GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

        // Each answer goes through them anew, to where the last one ended.
        static readonly WikiPage[] s_first = [.. Enumerable.Range(0, 50_000).Select(Fan)];

        static WikiPage Fan(int index) => new() { Id = 10_000_000 + index, Title = $"Fan {index}", Links = ["Hub"] };
    }
}
