#:project ../src/Heddle/Heddle.csproj
// The button of button-callbacks.cs with a coroutine for each click. The logic stands in one place and in its order,
// what it needs are local variables, errors are caught once; and several searches can be on their way.
using Heddle;

var search = new Button();
var like = new Button();
like.Clicked += article => Console.WriteLine($"liked {article}");

EventLoop.Run(() => TaskGroup.RunAsync(async window =>
{
    search.Clicked += query => window.Start(SearchAsync(query));

    search.Click("heddle");
    search.Click("shuttle");
    await Coroutine.Yield();
    like.Click("loom");         // the interface is not frozen
}));

static async Coroutine SearchAsync(string query)
{
    Console.WriteLine($"searching for {query}");
    try
    {
        var article = await Network.RequestAsync($"search/{query}");
        Console.WriteLine($"{query}: {await Network.RequestAsync(article)}");
    }
    catch (IOException error)
    {
        Console.WriteLine($"{query}: {error.Message}");
    }
}

sealed class Button
{
    public event Action<string>? Clicked;

    public void Click(string value) => Clicked?.Invoke(value);
}

static class Network
{
    public static async Coroutine<string> RequestAsync(string path)
    {
        await Coroutine.Delay(TimeSpan.FromMilliseconds(100));
        return path switch
        {
            "search/heddle" => "article/7",
            "article/7" => "it lifts the threads of a loom",
            _ => throw new IOException($"there is no {path}"),
        };
    }
}
