#:project ../src/Heddle/Heddle.csproj
// WhenEach gives the tasks as they end. The await takes the result of one that has ended already, or throws its
// failure.
using Heddle;

EventLoop.Run(async () =>
{
    var ended = new List<string>();
    await foreach (var task in Coroutine.WhenEach(SayAsync("Hello", 5), SayAsync("Good bye", 3)))
    {
        ended.Add(await task);
    }

    Console.WriteLine($"in the order of their ends: {string.Join("; ", ended)}");
});

static async Coroutine<string> SayAsync(string text, int times)
{
    for (var i = 0; i < times; i++)
    {
        Console.WriteLine(text);
        await Coroutine.Delay(TimeSpan.FromMilliseconds(100));
    }

    return $"{text}, {times} times";
}
