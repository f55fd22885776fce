using System.Net;
using System.Net.Http.Headers;

namespace Heddle;

/// <summary>Asks HTTP servers, as part of the current scope. The counterpart of <c>httpx.AsyncClient</c>, over the BCL's <see cref="SocketsHttpHandler"/>.</summary>
/// <remarks>
/// Every method is cold: nothing is sent before it is awaited. When the scope around an exchange is cancelled, the
/// exchange is aborted on the wire and its end awaited; what is thrown is the scope's <see cref="ScopeCanceledException"/>.
/// A server that is silent for longer than <see cref="LoopHttpOptions.Timeout"/> ends that one request with a
/// <see cref="TimeoutException"/>; all other failures are <see cref="LoopHttpException"/>s. No method of its own looks at the
/// status: <see cref="LoopHttpResponse.EnsureSuccess"/> does, and those that return a body and no response.
/// It keeps connections and cookies, so make one and share it. It may serve one loop after the other, not two at once; the
/// connections of <see cref="HttpTransport.Loop"/> end with their loop.
/// </remarks>
public sealed partial class LoopHttpClient : IAsyncDisposable
{
    /// <summary>How often a request that may be done twice is sent again to servers that were just closing. The handler below has tried several times by then, each time.</summary>
    private const int MostRepeats = 3;

    private const string Sending = "sending the request and waiting for the answer's headers";

    private readonly RequestSender _sender;
    private readonly HttpConnector? _connector;
    private readonly Uri? _baseAddress;
    private readonly TimeSpan _timeout;
    private readonly int _maxBufferedBytes;
    private readonly int _followedRedirects;
    private readonly ExchangeSet _exchanges = new();

    /// <summary>A client with connections of its own, or over the options' handler.</summary>
    /// <exception cref="ArgumentException">An option is out of its range, or a default header is none.</exception>
    public LoopHttpClient(LoopHttpOptions? options = null)
    {
        options ??= new();
        options.Validate();
        _connector = options.Handler is null ? new HttpConnector(options.Transport) : null;
        _sender = new RequestSender(options.Handler ?? SocketsHandler.Create(options, _connector!, out _followedRedirects));
        _baseAddress = options.BaseAddress;
        _timeout = options.Timeout;
        _maxBufferedBytes = Math.Min(options.MaxBufferedBytes, Array.MaxLength);
        Cookies = options.Handler is null ? options.Cookies : null;
        foreach (var (name, value) in options.DefaultHeaders)
        {
            AddDefaultHeader(name, value);
        }
    }

    /// <summary>A client over one that exists, of a factory for instance, which is not disposed of with this one.</summary>
    /// <param name="http">Its base address and default headers count. Its own timeout too, and it reads as a <see cref="TimeoutException"/>.</param>
    /// <param name="options">Timeout and limit of bodies; all else is the given client's matter.</param>
    public LoopHttpClient(HttpClient http, LoopHttpOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(http);
        options ??= new();
        options.Validate();
        _sender = new RequestSender(http);
        _baseAddress = http.BaseAddress;
        _timeout = options.Timeout;
        _maxBufferedBytes = Math.Min(options.MaxBufferedBytes, Array.MaxLength);
    }

    /// <summary>Headers of every request that does not set them itself. Set them before the first request.</summary>
    public HttpRequestHeaders DefaultHeaders => _sender.DefaultHeaders;

    /// <summary>Where cookies are kept; null when the options turned them off, or the handler is a given one.</summary>
    public CookieContainer? Cookies { get; }

    /// <summary>Sends the request and returns the answer with its body, which is read to its end.</summary>
    /// <param name="request">It can be sent once, and stays the caller's to dispose of. A relative address is relative to the base address.</param>
    /// <param name="timeout">Instead of <see cref="LoopHttpOptions.Timeout"/>, for this request.</param>
    /// <exception cref="LoopHttpException">No answer came, it broke off, or it is longer than <see cref="LoopHttpOptions.MaxBufferedBytes"/>.</exception>
    /// <exception cref="TimeoutException">Nothing came from the server for so long.</exception>
    /// <exception cref="ArgumentException">The address is relative without a base address, or no HTTP address.</exception>
    /// <exception cref="ScopeCanceledException">The scope was cancelled.</exception>
    public async Coroutine<LoopHttpResponse> SendAsync(HttpRequestMessage request, TimeSpan? timeout = null)
    {
        var response = await BeginAsync(request, timeout);
        try
        {
            await response.BufferAsync();
            return response;
        }
        catch
        {
            response.Close();
            throw;
        }
    }

    /// <summary>Sends the request and returns the answer as soon as its headers have come. Its body is then read in pieces.</summary>
    /// <remarks>
    /// Dispose of the response: while its body has not been read to its end it holds a connection. One that is dropped is closed when it is
    /// collected as garbage. The timeout holds for the headers, and for each piece of the body anew.
    /// </remarks>
    /// <inheritdoc cref="SendAsync(HttpRequestMessage, TimeSpan?)" path="/param"/>
    /// <exception cref="LoopHttpException">No answer came.</exception>
    /// <inheritdoc cref="SendAsync(HttpRequestMessage, TimeSpan?)" path="/exception"/>
    public async Coroutine<LoopHttpResponse> StreamAsync(HttpRequestMessage request, TimeSpan? timeout = null)
    {
        var response = await BeginAsync(request, timeout);
        response.CloseWhenDropped();
        return response;
    }

    private async Coroutine<LoopHttpResponse> BeginAsync(HttpRequestMessage request, TimeSpan? timeout)
    {
        ArgumentNullException.ThrowIfNull(request);
        LoopHttpOptions.ThrowIfNotPositive(timeout ?? _timeout, nameof(timeout));
        ObjectDisposedException.ThrowIf(_exchanges.IsClosed, this);
        var task = LoopTask.CurrentOrThrow();
        task.ThrowIfCanceled();
        request.RequestUri = HttpAddresses.Resolve(request.RequestUri, _baseAddress);

        var exchange = new Exchange(
            _exchanges, task, request, timeout ?? _timeout, _connector is not null && _connector.IsOnLoop(task.Loop, request.RequestUri));
        try
        {
            LoopHttpRequest.SetExchange(request, exchange);
            WatchedContent.Watch(request, exchange);
            _connector?.Serve(exchange.Loop);
            for (var repeats = 0; exchange.Answer is null; repeats++)
            {
                try
                {
                    exchange.Answer = await exchange.WaitAsync(exchange.Begin(task, _sender, request), Sending);
                }
                catch (LoopHttpException failure) when (repeats < MostRepeats && _connector is not null && HttpFailures.MayBeRepeated(failure, request))
                {
                    // On another connection it has a server that is not about to close.
                }
            }

            ThrowIfRedirectedTooOften(exchange);
            return new LoopHttpResponse(exchange, _maxBufferedBytes);
        }
        catch
        {
            exchange.End();
            throw;
        }
    }

    /// <summary>Cuts off the exchanges that are not over, waits for their end, and closes the connections.</summary>
    /// <remarks>
    /// Whoever waits for such an exchange gets a <see cref="LoopHttpException"/>. It is not stopped by a cancellation.
    /// Disposing again does nothing.
    /// </remarks>
    public Coroutine DisposeAsync()
    {
        if (!_exchanges.Close())
        {
            return DisposeWhenQuietAsync();
        }

        DisposeSender();
        return default;
    }

    ValueTask IAsyncDisposable.DisposeAsync() => DisposeAsync().AsValueTask();

    /// <summary>How many exchanges are not over.</summary>
    public override string ToString() => $"HTTP client ({_exchanges.Count} running)";

    private async Coroutine DisposeWhenQuietAsync()
    {
        await _exchanges.WaitUntilQuietAsync();
        DisposeSender();
    }

    private void DisposeSender()
    {
        _sender.Dispose();
        EventLoop.CurrentOrNull?.AwaitHttp();
    }

    private void AddDefaultHeader(string name, string value)
    {
        if (value is null || value.AsSpan().IndexOfAny('\r', '\n', '\0') >= 0 || !DefaultHeaders.TryAddWithoutValidation(name, value))
        {
            throw new ArgumentException(
                $"'{name}' with its value cannot be a header of every request: the name has a character that names must not have, it belongs to "
                + "a body (Content-Type and the like are set on the HttpContent), or the value has a line break.",
                nameof(LoopHttpOptions.DefaultHeaders));
        }
    }

    private void ThrowIfRedirectedTooOften(Exchange exchange)
    {
        var answer = exchange.Answer!;
        if (_followedRedirects > 0 && (int)answer.StatusCode is 300 or 301 or 302 or 303 or 307 or 308 && answer.Headers.Location is { } location)
        {
            throw HttpFailures.TooManyRedirects(exchange, answer.StatusCode, location, _followedRedirects);
        }
    }
}
