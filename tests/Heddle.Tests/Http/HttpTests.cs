namespace Heddle.Tests.Http;

/// <summary>What holds by every route.</summary>
public abstract class HttpTests(HttpRoute route)
{
    protected HttpTransport Transport => route.Transport;

    protected LoopHttpClient NewClient() => new(new() { Transport = Transport });

    /// <inheritdoc cref="HttpRun.Run"/>
    protected void Run(Func<Coroutine> body) => HttpRun.Run(body, route.Network);

    /// <inheritdoc cref="HttpRun.RunIntoTimeouts"/>
    protected void RunIntoTimeouts(Func<Coroutine> body, TimeSpan? grace = null) => HttpRun.RunIntoTimeouts(body, grace, route.Network);
}
