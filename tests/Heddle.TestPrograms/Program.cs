using System.Runtime.InteropServices;
using Heddle;
using Heddle.TestPrograms;

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

if (args is ["foreigner", var ofForeigner, var becomingAnother])
{
    return Children.StopBesideForeigner(ofForeigner, becomingAnother);
}

if (args is ["exhausted", var ofExhausted])
{
    return Exhausted.Run(ofExhausted);
}

if (args is ["crowded", var poller, ..])
{
    return CrowdedServer.Run(poller, isHeard: args.Length == 2);
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

if (args is ["mistake", var mistake])
{
    return Mistakes.Make(mistake);
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
            Console.WriteLine("cleaning up");
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
