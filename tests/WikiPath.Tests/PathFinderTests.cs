using Heddle;
using Heddle.Testing;
using WikiPath.MediaWiki;
using WikiPath.Sample;
using WikiPath.Search;
using WikiPath.Tests.MediaWiki;
using WikiPath.Tests.Search;

namespace WikiPath.Tests;

public sealed class PathFinderTests
{
    [Fact]
    public void Through_the_API_of_random_wikis_distance_and_number_of_paths_equal_a_plain_search()
    {
        for (var seed = 0; seed < 500; seed++)
        {
            var random = new Random(seed);
            var wiki = new RandomWiki(random, mostArticles: 150);
            var (distance, count) = PlainSearch.Run(wiki.From, wiki.To, wiki.LinksOf);
            var handler = new InMemoryWikiHandler(wiki.Content) { RowsPerAnswer = random.Next(1, 60) };
            var finder = new PathFinder(new WikiLinkSource(TestWiki.Api(handler)), wiki.From, wiki.To);

            var paths = VirtualTime.Run(finder.FindAsync);

            Assert.True(paths?.Distance == distance, $"Seed {seed}: {paths?.Distance}, not {distance}, links.");
            Assert.True((paths?.Count ?? 0) == count, $"Seed {seed}: {paths?.Count}, not {count}, paths.");
        }
    }

    [Fact]
    public void A_question_that_is_cancelled_alone_ends_the_search_and_is_told() => VirtualTime.Run(async () =>
    {
        var finder = new PathFinder(new LinksThatCancel(), "A", "B");

        Exception? told = null;
        try
        {
            await finder.FindAsync();
        }
        catch (AggregateException failures)
        {
            told = failures;
        }

        Assert.True(told is AggregateException all && all.TryFind<LoopTaskCanceledException>(out _), told?.ToString());
    });

    sealed class LinksThatCancel : ILinkSource, ILinkReader
    {
        public ILinkReader Open(Direction direction, IReadOnlyList<string> articles) => this;

        public async Coroutine<LinkPortion> ReadAsync()
        {
            foreach (var question in EventLoop.Current.Tasks.Skip(1)) question.Cancel("by hand");
            await Coroutine.Yield();
            return new LinkPortion(new Dictionary<string, IReadOnlySet<string>>(), 1, true);
        }

        public Coroutine<Crossings> CrossAsync(IReadOnlyList<string> sources, IReadOnlyList<string> targets) =>
            throw new NotSupportedException();
    }
}
