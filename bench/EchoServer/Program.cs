using Heddle;
using Heddle.Benchmarks.Echo;
using Heddle.Benchmarks.Shared;

if (EchoOptions.Parse(args) is not { } options)
{
    Console.Error.WriteLine(EchoOptions.Usage);
    return 2;
}

AllocationMarks.Start();
try
{
    EventLoop.Run(Echo.ServeAsync(options), new EventLoopOptions { Poller = options.Poller });
}
catch (OperationCanceledException)
{
    // Told to end.
}
return 0;
