#:project ../src/Heddle.Executors/Heddle.Executors.csproj
// An executor runs functions elsewhere: on threads what blocks, in processes what computes. They have one interface, so the
// code that calls does not say which it is.
using Heddle;

EventLoop.Run(async () =>
{
    await using (var executor = new ThreadExecutor())
    {
        var bytes = await executor.RunAsync(BlockingIo);
        Console.WriteLine($"{bytes.Length} random bytes");
    }

    await using (var executor = new ProcessExecutor())
    {
        Console.WriteLine($"in this process: {await executor.RunAsync(static () => Environment.ProcessId) == Environment.ProcessId}");
        Console.WriteLine(await executor.RunAsync(CpuBound));

        // Many calls, in chunks, on all processors; the results come in order.
        await foreach (var root in executor.MapAsync(Math.Sqrt, new[] { 4.0, 9.0, 16.0 }))
        {
            Console.WriteLine(root);
        }

        // A process can be stopped, whatever it does.
        try
        {
            await executor.RunAsync(Forever).WithTimeout(TimeSpan.FromMilliseconds(200));
        }
        catch (TimeoutException)
        {
            Console.WriteLine($"stopped; workers killed: {executor.Statistics.LostWorkers}");
        }
    }

    await CompareAsync(new ThreadExecutor());
    await CompareAsync(new ProcessExecutor());
});

// Moves from threads to processes by the one line that makes the executor.
static async Coroutine CompareAsync(IExecutor made)
{
    await using var executor = made;
    try
    {
        await executor.RunAsync(static (a, b) => a / b, 1, 0);
    }
    catch (DivideByZeroException failure)
    {
        Console.WriteLine($"{executor.Name}: {failure.Message}");
    }
}

static byte[] BlockingIo()
{
    using var file = File.OpenRead("/dev/urandom");
    var bytes = new byte[100];
    file.ReadExactly(bytes);
    return bytes;
}

static Int128 CpuBound()
{
    Int128 sum = 0;
    for (var i = 0L; i < 10_000_000; i++)
    {
        sum += i * i;
    }

    return sum;
}

static void Forever()
{
    while (true)
    {
    }
}
