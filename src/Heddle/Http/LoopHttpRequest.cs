namespace Heddle;

/// <summary>A request of a client's own, which knows its exchange without a dictionary of options.</summary>
internal sealed class LoopHttpRequest(HttpMethod method, Uri address) : HttpRequestMessage(method, address)
{
    private static readonly HttpRequestOptionsKey<Exchange> s_exchange = new("Heddle.Exchange");

    private Exchange? _exchange;

    /// <summary>For a handler of the user's that writes it down: .NET would show the whole address and every header.</summary>
    public override string ToString() => $"{Method} {HttpFailures.Shown(RequestUri)}";

    internal static Exchange? ExchangeOf(HttpRequestMessage request)
    {
        if (request is LoopHttpRequest own)
        {
            return own._exchange;
        }

        request.Options.TryGetValue(s_exchange, out var exchange);
        return exchange;
    }

    internal static void SetExchange(HttpRequestMessage request, Exchange exchange)
    {
        if (ExchangeOf(request) is { } before)
        {
            throw new InvalidOperationException(
                $"{HttpFailures.What(before)} was sent before, and a request can be sent once: its body may be used up. Make a new HttpRequestMessage.");
        }

        if (request is LoopHttpRequest own)
        {
            own._exchange = exchange;
        }
        else
        {
            request.Options.Set(s_exchange, exchange);
        }
    }
}
