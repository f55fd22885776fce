#:project ../src/Heddle/Heddle.csproj
// A flag that some wait for and one sets, once for all.
using Heddle;

EventLoop.Run(async () =>
{
    var start = new AsyncManualResetEvent();
    await TaskGroup.RunAsync(async race =>
    {
        foreach (var name in new[] { "Ann", "Bob", "Eve" })
        {
            _ = race.Start(RunAsync(name));
        }

        await Coroutine.Delay(TimeSpan.FromMilliseconds(10));
        Console.WriteLine("ready, steady, go");
        start.Set();
    });

    await RunAsync("Tom, who was late,");

    async Coroutine RunAsync(string name)
    {
        Console.WriteLine($"{name} is at the line");
        await start.WaitAsync();
        Console.WriteLine($"{name} runs");
    }
});
