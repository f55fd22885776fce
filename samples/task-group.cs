#:project ../src/Heddle/Heddle.csproj
// The group ends when its body and all of its tasks have. No task outlives it, not even when one of them fails.
using Heddle;

EventLoop.Run(async () =>
{
    await TaskGroup.RunAsync(async group =>
    {
        _ = group.Start(SayAsync("Hello", 5));
        _ = group.Start(SayAsync("Good bye", 5));
        Console.WriteLine("the body has ended");
    });
    Console.WriteLine("the group has ended");
});

static async Coroutine SayAsync(string text, int times)
{
    for (var i = 0; i < times; i++)
    {
        Console.WriteLine(text);
        await Coroutine.Delay(TimeSpan.FromMilliseconds(100));
    }
}
