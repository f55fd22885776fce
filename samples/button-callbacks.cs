#:project ../src/Heddle/Heddle.csproj
// A click starts a request that takes a while, and its answer a second one. With callbacks the logic falls into
// fragments: each is called some time, by someone; what they share lives outside of them; each handles errors anew.
using Heddle;

var search = new Button();
var like = new Button();
var query = "";                 // which search is it that has answered?
var finished = new CoroutineSource<bool>();

search.Clicked += HandleSearch;
like.Clicked += () => Console.WriteLine("liked");

EventLoop.Run(async () =>
{
    query = "heddle";
    search.Click();
    like.Click();               // the interface is not frozen
    await finished;
});

void HandleSearch()
{
    Console.WriteLine($"searching for {query}");
    var request = LoopTask.Start(Network.RequestAsync($"search/{query}"));
    request.OnCompleted(_ => HandleFound(request));
}

void HandleFound(LoopTask<string> request)
{
    if (request.IsFaulted)
    {
        HandleError(request.Exception!);
        return;
    }

    var article = LoopTask.Start(Network.RequestAsync(request.Result));
    article.OnCompleted(_ => HandleArticle(article));
}

void HandleArticle(LoopTask<string> request)
{
    if (request.IsFaulted)
    {
        HandleError(request.Exception!);
        return;
    }

    Console.WriteLine($"{query}: {request.Result}");
    finished.SetResult(true);
}

void HandleError(Exception error)
{
    Console.WriteLine($"{query}: {error.Message}");
    finished.SetResult(false);
}

sealed class Button
{
    public event Action? Clicked;

    public void Click() => Clicked?.Invoke();
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
