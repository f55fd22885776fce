using System.Net.Http.Headers;

namespace Heddle;

/// <summary>Sends requests: through a handler, or through a client that was given.</summary>
/// <remarks>
/// A handler is called without an <see cref="HttpClient"/> between: what that adds to it, a token source a request that
/// links its own timeout and disposal, is done by <see cref="Exchange"/>.
/// </remarks>
internal sealed class RequestSender : IDisposable
{
    private readonly HttpMessageInvoker _invoker;
    private readonly HttpClient? _given;

    internal RequestSender(HttpMessageHandler handler)
    {
        _invoker = new HttpMessageInvoker(handler);
        DefaultHeaders = new HttpRequestMessage().Headers;
    }

    internal RequestSender(HttpClient given)
    {
        _invoker = _given = given;
        DefaultHeaders = given.DefaultRequestHeaders;
    }

    internal HttpRequestHeaders DefaultHeaders { get; }

    /// <summary>The answer, as soon as its headers have come.</summary>
    internal Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken token)
    {
        if (_given is not null)
        {
            return _given.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, token);
        }

        AddDefaultHeaders(request.Headers);
        return _invoker.SendAsync(request, token);
    }

    /// <summary>A client that was given stays as it is.</summary>
    public void Dispose()
    {
        if (_given is null)
        {
            _invoker.Dispose();
        }
    }

    private void AddDefaultHeaders(HttpRequestHeaders headers)
    {
        foreach (var (name, value) in DefaultHeaders.NonValidated)
        {
            if (!headers.NonValidated.Contains(name))
            {
                headers.TryAddWithoutValidation(name, value.ToString());
            }
        }
    }
}
