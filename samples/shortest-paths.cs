#:project ../src/Heddle/Heddle.csproj
#:project ../apps/WikiPath/WikiPath.csproj
// WikiPath's way from Python to Karl Marx: it searches from both ends towards the middle, asks for the links of fifty
// pages at once, and finds all paths that are shortest. It also ends where there is none, which path-finder.cs never
// does.
using Heddle;
using WikiPath;
using WikiPath.MediaWiki;
using WikiPath.Sample;

EventLoop.Run(async () =>
{
    WikiAddress.TryParse("ru", out var address);
    await using var http = WikiHttp.CreateClient(
        contact: null, connections: 4, network: new InMemoryWikiHandler(WikiContentReader.ReadSample()));
    var links = new WikiLinkSource(new WikiApi(http, address!, new RetryPolicy()));

    (string, string)[] questions = [("Python", "Карл Маркс"), ("Карл Маркс", "Zen of Python"), ("Python", "Питон")];
    foreach (var (from, to) in questions)
    {
        var finder = new PathFinder(links, from, to);
        var paths = await finder.FindAsync();
        Console.WriteLine($"{from} to {to}: {paths?.Count ?? 0} shortest paths, {finder.Pages} pages read");
        foreach (var path in paths?.Enumerate().Take(10) ?? [])
        {
            Console.WriteLine($"  {string.Join(" -> ", path)}");
        }
    }
});
