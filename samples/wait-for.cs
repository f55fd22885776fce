#:project ../src/Heddle/Heddle.csproj
// A time limit for one coroutine.
using Heddle;

EventLoop.Run(async () =>
{
    try
    {
        await EternityAsync().WithTimeout(TimeSpan.FromMilliseconds(100));
    }
    catch (TimeoutException)
    {
        Console.WriteLine("timeout!");
    }
});

static async Coroutine EternityAsync()
{
    await Coroutine.Delay(TimeSpan.FromHours(1));
    Console.WriteLine("yay!");
}
