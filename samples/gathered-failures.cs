#:project ../src/Heddle/Heddle.csproj
// When one of several fails. asyncio's gather throws at once and lets the others run on, their results lost; WhenAll
// cancels them, waits until they have ended, and throws then. With return_exceptions=True gather gives failures beside
// the results; WhenAllSettled does.
using Heddle;

var moment = TimeSpan.FromMilliseconds(10);
var hour = TimeSpan.FromHours(1);

EventLoop.Run(async () =>
{
    try
    {
        await Coroutine.WhenAll(AskAsync("Riga", hour), AskAsync("Atlantis", moment), AskAsync("Oslo", hour));
    }
    catch (IOException failure)
    {
        Console.WriteLine(failure.Message);
    }

    var outcomes = await Coroutine.WhenAllSettled(
        AskAsync("Riga", moment), AskAsync("Atlantis", moment), AskAsync("Oslo", moment));
    foreach (var outcome in outcomes)
    {
        Console.WriteLine(outcome.TryGetValue(out var answer) ? answer : outcome.Exception!.Message);
    }
});

static async Coroutine<string> AskAsync(string city, TimeSpan time)
{
    try
    {
        await Coroutine.Delay(time);
    }
    catch (ScopeCanceledException)
    {
        Console.WriteLine($"{city} is not asked any more");
        throw;
    }

    return city == "Atlantis" ? throw new IOException("Atlantis is under water") : $"{city} has answered";
}
