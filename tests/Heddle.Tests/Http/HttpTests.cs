namespace Heddle.Tests.Http;

/// <summary>What holds over every transport.</summary>
public abstract class HttpTests(HttpTransport transport)
{
    protected HttpTransport Transport => transport;

    protected LoopHttpClient NewClient() => new(new() { Transport = transport });

    /// <inheritdoc cref="HttpRun.Run(Func{Coroutine})"/>
    protected static void Run(Func<Coroutine> body) => HttpRun.Run(body);

    /// <inheritdoc cref="HttpRun.RunIntoTimeouts"/>
    protected static void RunIntoTimeouts(Func<Coroutine> body, TimeSpan? grace = null) => HttpRun.RunIntoTimeouts(body, grace);
}
