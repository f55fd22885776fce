#:project ../src/Heddle/Heddle.csproj
// A block with a time limit: when time is up, what it waits for is cancelled, and the block throws a TimeoutException.
// The limit can be moved from inside.
using Heddle;

EventLoop.Run(async () =>
{
    try
    {
        await CancelScope.WithTimeoutAsync(TimeSpan.FromMilliseconds(100), async scope =>
        {
            await LongRunningTaskAsync();
        });
    }
    catch (TimeoutException)
    {
        Console.WriteLine("The long operation timed out, but we've handled it.");
    }

    await CancelScope.WithTimeoutAsync(TimeSpan.FromMilliseconds(100), async scope =>
    {
        scope.CancelAfter(TimeSpan.FromHours(1));
        await Coroutine.Delay(TimeSpan.FromMilliseconds(200));
        Console.WriteLine("With a later limit it was in time.");
    });
});

static async Coroutine LongRunningTaskAsync()
{
    try
    {
        await Coroutine.Delay(TimeSpan.FromHours(1));
    }
    finally
    {
        Console.WriteLine("cleaning up");
    }
}
