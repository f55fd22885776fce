using System.Globalization;
using System.Runtime.InteropServices;
using Heddle;
using Heddle.TestPrograms;

// Becomes a worker where it is asked to, as trimmed programs do; says how else it was started.
if (args is ["asking", ..])
{
    ProcessExecutor.RunWorkerIfAsked();
    Console.WriteLine($"itself: {string.Join(' ', args)}");
    return 0;
}

if (args is ["http", var address, var transport])
{
    EventLoop.Run(() => HttpWork.CountAsync(address, Enum.Parse<HttpTransport>(transport)));
    return 0;
}

if (args is ["children", var starter, var count])
{
    return Children.Run(starter, int.Parse(count, System.Globalization.CultureInfo.InvariantCulture));
}

if (args is ["family"])
{
    return Children.StopFamily();
}

if (args is ["shell", var before, var command])
{
    if (before == "key")
    {
        Console.ReadKey(intercept: true);
    }

    EventLoop.Run(async () =>
    {
        await using var shell = Subprocess.Start("sh", ["-c", command]);
        await shell.WaitAsync();
    });
    return 0;
}

if (args is ["look-up"])
{
    FixedPool.StartAsync().GetAwaiter().GetResult();
    using var open = new ManualResetEventSlim();
    for (var i = 0; i < 8; i++)
    {
        _ = Task.Run(open.Wait, CancellationToken.None);
    }

    EventLoop.Run(async () =>
    {
        await using var server = TcpServer.Start(new(System.Net.IPAddress.Loopback, 0), static _ => default);
        await using var connection = await TcpConnection.ConnectAsync("localhost", server.Port);
        Console.WriteLine("connected");
    });
    open.Set();
    return 0;
}

if (args is ["foreigner", var ofForeigner, var becomingAnother])
{
    return Children.StopBesideForeigner(ofForeigner, becomingAnother);
}

if (args is ["exhausted", var ofExhausted])
{
    return Exhausted.Run(ofExhausted);
}

if (args is ["crowded", var poller, var sink])
{
    return CrowdedServer.Run(poller, hasHandler: sink == "handler");
}

if (args is ["activated", var ofActivated])
{
    return Activated.Run(ofActivated);
}

if (args is ["unheard"])
{
    // Its standard error may be closed: what would be told there is lost, and nothing else.
    EventLoop.Run(async () =>
    {
        EventLoop.Current.Post(static () => throw new FormatException("nobody hears of it"));
        LoopTask.Start(static () => Coroutine.FromException(new FormatException("nor of that")), "failing");
        await Coroutine.Delay(TimeSpan.FromMilliseconds(1));
        Console.WriteLine("done");
    });
    return 0;
}

if (args is ["deep", var levels])
{
    return Deep.Run(int.Parse(levels, System.Globalization.CultureInfo.InvariantCulture));
}

if (args is ["glutton"])
{
    return Glutton.Run();
}

if (args is ["workers", var ending])
{
    EventLoop.Run(() => BusyWorkers.RunAsync(ending));
    return 0;
}

if (args is ["simulation"])
{
    return Searching.Run();
}

if (args is ["simulation-hashes", var firstSeed, var seeds])
{
    return SimulatedShop.PrintHashes(
        ulong.Parse(firstSeed, System.Globalization.CultureInfo.InvariantCulture), int.Parse(seeds, System.Globalization.CultureInfo.InvariantCulture));
}

if (args is ["simulation-http", "beside others", ..])
{
    return HttpRuns.MakeBesideOthers();
}

if (args is ["simulation-http", "web" or "wiki", var firstOfAll, var number, ..])
{
    return HttpRuns.Make(args[1], ulong.Parse(firstOfAll, CultureInfo.InvariantCulture), int.Parse(number, CultureInfo.InvariantCulture), isVerbose: args.Length > 4);
}

if (args is ["simulation-cure", var cure])
{
    return CureSearch.Explore(cure);
}

if (args is ["simulation-cures", var limit])
{
    return CureSearch.Run(TimeSpan.FromSeconds(int.Parse(limit, CultureInfo.InvariantCulture)));
}

if (args is ["simulation-leak", var leak])
{
    return SimulatedShop.PrintSteps(leak);
}

if (args is ["mistake", var mistake])
{
    return Mistakes.Make(mistake);
}

#pragma warning disable HED002, HED003 // These programs make the mistakes that the loop has to tell.
if (args is ["uncaught", var kind])
{
    // As programs are written: nothing is caught. What is told is passed on, and ends what kept the program.
    using var told = new TellingWriter(Console.Error);
    Console.SetError(told);
    EventLoop.Run(async () =>
    {
        await using var server = TcpServer.Start(new(System.Net.IPAddress.Loopback, 0), async connection => await connection.Reader.ReadToEndAsync());
        Console.WriteLine("ready");
        switch (kind)
        {
            case "foreign":
                await TaskGroup.RunAsync(async group =>
                {
                    group.Start(async () => await told.Told.WaitAsync(TimeSpan.FromMinutes(1), CancellationToken.None), "stubborn");
                    group.Start(async () => await Coroutine.Delay(Timeout.InfiniteTimeSpan), "obedient");
                });
                break;
            case "two":
                // The second begins to wait when the first was told of, and ends when it was told of itself.
                await TaskGroup.RunAsync(async group =>
                {
                    group.Start(async () => await told.Told.WaitAsync(TimeSpan.FromMinutes(1), CancellationToken.None), "first");
                    group.Start(
                        () => CancelScope.ShieldAsync(async () =>
                        {
                            await told.Told.OrCanceled();
                            await told.Again.OrCanceled();
                        }),
                        "second");
                });
                break;
            case "held":
                for (var i = 0; i < 600 && !told.Told.IsCompleted; i++)
                {
                    // Real: it is the thread that is held.
                    Thread.Sleep(100);
                }

                break;
        }

        await Coroutine.Delay(Timeout.InfiniteTimeSpan);
    });
    return 0;
}

#pragma warning restore HED002, HED003

if (args is ["handled"])
{
    EventLoop.Run(async () =>
    {
        var handled = new CoroutineSource<bool>();
        EventLoop.Current.OnSignal(PosixSignal.SIGHUP, _ => handled.SetResult(true));
        Console.WriteLine("ready");
        await handled;
        Console.WriteLine("handled");
    });
    Console.WriteLine("the loop has ended");

    // Real: the next signal ends the process.
    Thread.Sleep(TimeSpan.FromMinutes(1));
    return 0;
}

if (args is ["names"])
{
    EventLoop.Run(async () =>
    {
        var task = LoopTask.Start(async () => await Coroutine.Delay(TimeSpan.FromHours(1)), "sleeper");
        await Coroutine.Yield();
        Console.WriteLine(string.Join(" / ", EventLoop.Current.Snapshot().Tasks.SelectMany(static top => top.Frames)));
        task.Cancel();
    });
    return 0;
}

// Waits until a signal comes. The tests start it, send signals, and compare what it prints and its exit code.
try
{
    EventLoop.Run(async () =>
    {
        using var hangUp = args is ["hangup"]
            ? EventLoop.Current.OnSignal(PosixSignal.SIGHUP, signal => Console.WriteLine($"got {signal} on the loop: {EventLoop.IsRunning}"))
            : null;
        Console.WriteLine("ready");
        try
        {
            await Coroutine.Delay(Timeout.InfiniteTimeSpan);
        }
        finally
        {
            Console.WriteLine(args is ["why"] ? $"told to end by {EventLoop.Current.InterruptedBy}" : "cleaning up");
            if (args is ["stubborn"])
            {
                await CancelScope.ShieldAsync(() => Coroutine.Delay(Timeout.InfiniteTimeSpan));
            }
        }
    });
    return 0;
}
catch (LoopInterruptedException interruption)
{
    Console.WriteLine($"{interruption.Signal}: {interruption.Message}");
    return interruption.Signal == PosixSignal.SIGINT ? 130 : 143;
}
