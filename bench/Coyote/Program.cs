using System.Diagnostics;
using System.Globalization;
using Microsoft.Coyote;
using Microsoft.Coyote.SystematicTesting;

// The program of `Heddle.Benchmarks simulation`, written with Task: five tasks that yield. Says how many schedules there were in a second.
int yields = int.Parse(args[0], CultureInfo.InvariantCulture);
uint schedules = uint.Parse(args[1], CultureInfo.InvariantCulture);
Explore(10);
var start = Stopwatch.GetTimestamp();
Explore(schedules);
Console.WriteLine((schedules / Stopwatch.GetElapsedTime(start).TotalSeconds).ToString("F1", CultureInfo.InvariantCulture));
return 0;

void Explore(uint iterations)
{
    using var engine = TestingEngine.Create(Configuration.Create().WithTestingIterations(iterations), RunAsync);
    engine.Run();
    if (engine.TestReport.NumOfFoundBugs > 0)
        throw new InvalidOperationException(engine.GetReport());
}

async Task RunAsync()
{
    var tasks = new Task[5];
    for (int task = 0; task < tasks.Length; task++)
        tasks[task] = YieldAsync();
    await Task.WhenAll(tasks);
}

async Task YieldAsync()
{
    for (int i = 0; i < yields; i++)
        await Task.Yield();
}
