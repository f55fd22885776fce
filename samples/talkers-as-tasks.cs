#:project ../src/Heddle/Heddle.csproj
// A started task runs beside its starter from the next time on that the starter waits for something.
using Heddle;

EventLoop.Run(async () =>
{
    var task1 = LoopTask.Start(SayAsync("Hello", 5));
    var task2 = LoopTask.Start(SayAsync("Good bye", 5));
    await task1;
    await task2;
});

static async Coroutine SayAsync(string text, int times)
{
    for (var i = 0; i < times; i++)
    {
        Console.WriteLine(text);
        await Coroutine.Delay(TimeSpan.FromMilliseconds(100));
    }
}
