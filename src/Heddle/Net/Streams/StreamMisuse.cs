namespace Heddle;

/// <summary>The errors of wrong use of readers and writers.</summary>
internal static class StreamMisuse
{
    internal static InvalidOperationException OtherLoop(string what, EventLoop owner, EventLoop user) => new(
        $"A {what} of the loop '{owner.Name}' was used on the loop '{user.Name}'. A loop's objects are not thread-safe. "
        + "Open the connection on the loop that uses it, or hand the bytes over through EventLoopThread.RunAsync.");

    internal static InvalidOperationException StoppedByHandler(string endPoint) => new(
        $"A handler of the server at {endPoint} awaited the server's stop, which waits for all handlers: it would wait for itself. "
        + "Have the stop run beside it: LoopTask.Start(server.StopAsync()).");

    internal static InvalidOperationException Suspended(string endPoint) => new(
        $"A file is being sent to {endPoint}, or TLS started with it. Await that before another file, FinishAsync, StartTlsAsync or AsStream; what is written meanwhile follows it.");

    internal static InvalidOperationException SendingFinished(string endPoint) => new(
        $"Something was written to {endPoint} after sending had been finished. Write first, then call FinishAsync.");
}
