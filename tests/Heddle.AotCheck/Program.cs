// What a trimmed and a Native AOT binary must do as the ordinary build does: see eng/publish-check.sh.
using Heddle;

return EventLoop.Run(MainAsync());

static async Coroutine<int> MainAsync()
{
    Console.WriteLine($"awaited: {await DoubledAsync(21)}");

    var sum = await TaskGroup.RunAsync(async group =>
    {
        var first = group.Start(DoubledAsync(1), "first");
        var second = group.Start(DoubledAsync(2), "second");
        return await first + await second;
    });
    Console.WriteLine($"group: {sum}");

    var (number, text) = await Coroutine.WhenAll(DoubledAsync(3), TextAsync());
    Console.WriteLine($"all: {number} {text}");

    var inTime = await CancelScope.MoveOnAfterAsync(
        TimeSpan.FromMilliseconds(5),
        async scope => await Coroutine.Delay(Timeout.InfiniteTimeSpan));
    Console.WriteLine($"in time: {inTime}");

    try
    {
        await Coroutine.Delay(Timeout.InfiniteTimeSpan).WithTimeout(TimeSpan.FromMilliseconds(5));
    }
    catch (TimeoutException)
    {
        Console.WriteLine("timed out");
    }

    try
    {
        await TaskGroup.RunAsync(async group =>
        {
            _ = group.Start(FailAsync());
            await Coroutine.Delay(Timeout.InfiniteTimeSpan);
        });
    }
    catch (AggregateException failures)
    {
        Console.WriteLine($"failed: {failures.InnerExceptions.Single().Message}");
    }

    Console.WriteLine($"pool: {await Task.Run(() => 7)}");
    return 0;
}

static async Coroutine<int> DoubledAsync(int number)
{
    await Coroutine.Delay(TimeSpan.FromMilliseconds(1));
    return number * 2;
}

static async Coroutine<string> TextAsync()
{
    await Coroutine.Yield();
    return "text";
}

static async Coroutine FailAsync()
{
    await Coroutine.Yield();
    throw new InvalidDataException("as asked");
}
