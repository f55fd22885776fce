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
        ThrowIfTorn(request.Headers);
        ThrowIfTorn(DefaultHeaders);
        if (request.Content is { } content)
        {
            ThrowIfTorn(content.Headers);
        }

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

    /// <summary>What was added without validation goes out as it is: a line break in it would begin another header, or another request.</summary>
    private static void ThrowIfTorn(HttpHeaders headers)
    {
        foreach (var (name, values) in headers.NonValidated)
        {
            foreach (var value in values)
            {
                if (value.AsSpan().ContainsAny('\r', '\n', '\0'))
                {
                    throw new ArgumentException(
                        $"The value of the header '{name}' has a line break or a zero in it, behind which another header could begin. Was it "
                        + "made from what somebody else has sent? Then check that.");
                }
            }
        }
    }
}
