#:project ../src/Heddle/Heddle.csproj
// Awaiting one coroutine after the other is no different from synchronous code: the second begins when the first has
// ended.
using Heddle;

EventLoop.Run(async () =>
{
    await SayAsync("Hello", 5);
    await SayAsync("Good bye", 5);
});

static async Coroutine SayAsync(string text, int times)
{
    for (var i = 0; i < times; i++)
    {
        Console.WriteLine(text);
        await Coroutine.Delay(TimeSpan.FromMilliseconds(100));
    }
}
