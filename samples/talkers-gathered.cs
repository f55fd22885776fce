#:project ../src/Heddle/Heddle.csproj
// WhenAll runs all of them at once and gives the results in the order of the arguments, whoever ends first.
using Heddle;

EventLoop.Run(async () =>
{
    var results = await Coroutine.WhenAll(SayAsync("Hello", 5), SayAsync("Good bye", 3));
    foreach (var result in results)
    {
        Console.WriteLine($"({result})");
    }
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
