#:project ../src/Heddle/Heddle.csproj
// What can be awaited is a matter of shape, as with Python's __await__: a method GetAwaiter, whose result says whether
// it is done, takes what shall go on then, and gives the result. The loop sees to it that the coroutine goes on in its
// turn.
using System.Runtime.CompilerServices;
using Heddle;
using Heddle.LowLevel;

EventLoop.Run(async () =>
{
    var bell = new Doorbell();
    var host = LoopTask.Start(OpenAsync("the host", bell));
    var dog = LoopTask.Start(OpenAsync("the dog", bell));
    await Coroutine.Yield();

    bell.Ring("Ann");
    await host;
    await dog;
    Console.WriteLine($"late, but it has rung: {await bell}");

    Console.WriteLine($"{await new Order("tea", 2)} coins");
});

static async Coroutine OpenAsync(string name, Doorbell bell)
{
    Console.WriteLine($"{name} waits");
    Console.WriteLine($"{name} meets {await bell}");
}

// The whole protocol in one class: it is its own awaiter.
sealed class Doorbell : INotifyCompletion
{
    private readonly List<Action> _waiting = [];
    private string? _visitor;

    public bool IsCompleted => _visitor is not null;

    public Doorbell GetAwaiter() => this;

    public void OnCompleted(Action continuation) => _waiting.Add(continuation);

    public string GetResult() => _visitor!;

    public void Ring(string visitor)
    {
        _visitor = visitor;
        _waiting.ForEach(goOn => goOn());
    }
}

// Most often there is a coroutine to lend its own: def __await__(self): return self.ask().__await__()
sealed record Order(string What, int Count)
{
    public CoroutineAwaiter<int> GetAwaiter() => AskAsync().GetAwaiter();

    private async Coroutine<int> AskAsync()
    {
        await Coroutine.Delay(TimeSpan.FromMilliseconds(10));
        return 3 * Count;
    }
}
