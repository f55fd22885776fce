#:project ../src/Heddle/Heddle.csproj
#:project ../apps/WikiPath/WikiPath.csproj
// The links of an article, by the API that a MediaWiki has for programs. What is asked here is the wiki that WikiPath
// carries in itself; without Handler it would be the one at BaseAddress.
using System.Text.Json;
using System.Text.Json.Nodes;
using Heddle;
using WikiPath.Sample;

EventLoop.Run(async () =>
{
    await using var http = new LoopHttpClient(new()
    {
        BaseAddress = new("https://ru.wikipedia.org/w/"),
        Handler = new InMemoryWikiHandler(WikiContentReader.ReadSample()),
    });

    foreach (var page in new[] { "Python", "Карл Маркс", "No such page" })
    {
        var links = await GetLinksAsync(http, page);
        Console.WriteLine($"{page}: {string.Join(", ", links.Take(5))}");
    }
});

static async Coroutine<IReadOnlyList<string>> GetLinksAsync(LoopHttpClient http, string page)
{
    const string Question = "action=query&prop=links&pllimit=max&format=json&formatversion=2&titles=";
    try
    {
        var answer = await http.GetJsonAsync<JsonNode>($"api.php?{Question}{Uri.EscapeDataString(page)}");
        return answer?["query"]?["pages"]?[0]?["links"] is JsonArray links
            ? [.. links.Select(link => (string)link!["title"]!)]
            : [];
    }
    catch (JsonException)
    {
        return [];  // a page about an error, perhaps; the others go on
    }
}
