#:project ../src/Heddle/Heddle.csproj
#:project ../apps/WikiPath/WikiPath.csproj
// How does one get from Python to Karl Marx by links alone? As the lecture wrote it: a queue of pages, twenty workers
// who read their links, a dictionary that says from where each page was reached, and an event for the end. It finds a
// path, not always a shortest one, and where there is none it waits for ever: shortest-paths.cs is the better way.
using System.Text.Json;
using System.Text.Json.Nodes;
using Heddle;
using WikiPath.Sample;

const string Source = "Python";
const string Target = "Карл Маркс";

// One thread runs all of the workers, so they can share these without a lock.
var linkSource = new Dictionary<string, string>();
var queue = new AsyncQueue<string>();
var done = new AsyncManualResetEvent();

EventLoop.Run(async () =>
{
    await using var http = new LoopHttpClient(new()
    {
        BaseAddress = new("https://ru.wikipedia.org/w/"),
        Handler = new InMemoryWikiHandler(WikiContentReader.ReadSample()),
    });

    await TaskGroup.RunAsync(async workers =>
    {
        for (var i = 0; i < 20; i++)
        {
            _ = workers.Start(WorkAsync(http));
        }

        queue.TryPut(Source);
        await done.WaitAsync();
        workers.Cancel("the path is found");
    });

    PrintPath();
});

async Coroutine WorkAsync(LoopHttpClient http)
{
    while (true)
    {
        var page = await queue.GetAsync();
        Console.WriteLine($"processing {page}");
        foreach (var link in await GetLinksAsync(http, page))
        {
            if (link == Target)
            {
                done.Set();
            }

            // Pages with a digit are mostly about a year, and every year leads everywhere.
            if (!linkSource.ContainsKey(link) && !link.Any(char.IsDigit))
            {
                linkSource[link] = page;
                queue.TryPut(link);
            }
        }
    }
}

void PrintPath()
{
    var path = new Stack<string>([Target]);
    while (path.Peek() != Source)
    {
        path.Push(linkSource[path.Peek()]);
    }

    Console.WriteLine(string.Join(" -> ", path));
}

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
