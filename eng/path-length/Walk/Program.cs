using System.Reflection;
using Heddle;

// Walks each way twice, and writes which of the library's methods the second walk ran.
var hits = (byte[])typeof(EventLoop).Assembly.GetType("PathLength.Hits")!.GetField("Of")!.GetValue(null)!;

EventLoop.Run(async () =>
{
    await CountAsync("an awaited delay", () => Ready(async () => await Coroutine.Delay(TimeSpan.FromMilliseconds(1))));
    await CountAsync("a cancellation", async () =>
    {
        var sleeper = LoopTask.Start(Coroutine.Delay(TimeSpan.FromHours(1)));
        await Coroutine.Yield();
        return async () =>
        {
            sleeper.Cancel("enough");
            try
            {
                await sleeper;
            }
            catch (LoopTaskCanceledException)
            {
            }
        };
    });
    await CountAsync("a failing child", () => Ready(async () =>
    {
        try
        {
            await TaskGroup.RunAsync(async group =>
            {
                group.Start(FailAsync());
                await Coroutine.Yield();
            });
        }
        catch (AggregateException)
        {
        }
    }));
});

static Coroutine<Func<Coroutine>> Ready(Func<Coroutine> walk) => Coroutine.FromResult(walk);

async Coroutine FailAsync()
{
    await Coroutine.Yield();
    throw new InvalidOperationException("A child's.");
}

async Coroutine CountAsync(string way, Func<Coroutine<Func<Coroutine>>> prepare)
{
    for (var walked = 0; walked < 3; walked++)
    {
        var walk = await prepare();
        Array.Clear(hits);
        await walk();
    }

    Console.WriteLine($"{way}:{string.Join(',', Enumerable.Range(0, hits.Length).Where(n => hits[n] != 0))}");
}
