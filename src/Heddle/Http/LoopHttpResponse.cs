using System.Net;
using System.Net.Http.Headers;

namespace Heddle;

/// <summary>The answer of a server.</summary>
/// <remarks>
/// From <see cref="LoopHttpClient.StreamAsync(string, TimeSpan?)"/> it holds a connection until its body has been read to its
/// end or it is disposed of; from all other methods it holds its whole body and no connection, and disposing of it is
/// not needed. All members are for the loop's thread.
/// </remarks>
public sealed partial class LoopHttpResponse : IAsyncDisposable
{
    private readonly Exchange _exchange;
    private readonly HttpResponseMessage _message;
    private readonly int _maxBufferedBytes;
    private DropGuard? _guard;

    internal LoopHttpResponse(Exchange exchange, int maxBufferedBytes)
    {
        _exchange = exchange;
        _message = exchange.Answer!;
        _maxBufferedBytes = maxBufferedBytes;
    }

    /// <summary>The status.</summary>
    public HttpStatusCode StatusCode => _message.StatusCode;

    /// <summary>Whether the status is one of success, 200 to 299.</summary>
    public bool IsSuccess => _message.IsSuccessStatusCode;

    /// <summary>What the server wrote beside the status; HTTP/2 has none.</summary>
    public string? ReasonPhrase => _message.ReasonPhrase;

    /// <summary>The version of HTTP that was spoken.</summary>
    public Version Version => _message.Version;

    /// <summary>The headers, such as <c>Retry-After</c>, but for those of the body.</summary>
    public HttpResponseHeaders Headers => _message.Headers;

    /// <summary>The headers of the body, such as <c>Content-Type</c>.</summary>
    public HttpContentHeaders ContentHeaders => _message.Content.Headers;

    /// <summary>Where the answer came from: after redirects, the last address.</summary>
    public Uri Address => _exchange.Address;

    /// <summary>Returns this response if its status is one of success.</summary>
    /// <exception cref="LoopHttpException">The status is another; the response is disposed of, so its body is lost unless it was read before.</exception>
    public LoopHttpResponse EnsureSuccess()
    {
        if (IsSuccess)
        {
            return this;
        }

        Close();
        throw HttpFailures.Status(_exchange, StatusCode, ReasonPhrase);
    }

    /// <summary>Gives the connection back if the body has been read to its end, and else closes it at once.</summary>
    /// <remarks>It never waits and never throws a cancellation. What was read into memory stays readable.</remarks>
    public Coroutine DisposeAsync()
    {
        _exchange.Loop.VerifyThread("LoopHttpResponse.DisposeAsync");
        Close();
        return default;
    }

    ValueTask IAsyncDisposable.DisposeAsync() => DisposeAsync().AsValueTask();

    /// <summary>Method, address and status.</summary>
    public override string ToString() => $"{HttpFailures.What(_exchange)}: {(int)StatusCode} {ReasonPhrase}";

    /// <summary>For one that is handed out with its connection.</summary>
    internal void CloseWhenDropped() => _guard = new DropGuard(_exchange);

    internal void Close()
    {
        if (!_isClosed)
        {
            _isClosed = true;
            if (_guard is not null)
            {
                GC.SuppressFinalize(_guard);
            }

            if (_hasEnded)
            {
                // The message is left alone: its headers compute a length as long as they can.
                _stream?.Dispose();
            }

            _exchange.End(isWhole: _hasEnded);
        }
    }

    /// <summary>Nobody but the response refers to it, so it is collected with that; the client knows the exchange, and not the response.</summary>
    private sealed class DropGuard(Exchange exchange)
    {
        ~DropGuard() => exchange.Loop.Submit(static exchange => exchange.End(), exchange);
    }
}
