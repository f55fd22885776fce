using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;

namespace Heddle;

/// <summary>The errors of HTTP exchanges: what happened, the likely cause, the remedy.</summary>
internal static class HttpFailures
{
    /// <summary>A failure that is none of HTTP's is passed on as it is.</summary>
    internal static Exception Explain(Exchange exchange, Exception failure, string doing) => failure switch
    {
        LoopHttpException or TimeoutException => failure,
        ScopeCanceledException when !exchange.IsCutOff => failure,
        _ when exchange.IsClientDisposed => ClientDisposed(exchange, failure),
        OperationCanceledException { InnerException: TimeoutException } => new TimeoutException(
            $"{What(exchange)} ended while {doing}: a time limit of the HttpClient or the handler was over ({failure.Message}). "
            + "Raise that limit, or leave time limits to LoopHttpOptions.Timeout and to scopes.",
            failure),
        OperationCanceledException or ObjectDisposedException or IOException or HttpRequestException when exchange.IsCutOff => Failure(
            exchange,
            $"it was cut off while {doing}: the scope that the request was sent in was cancelled, or its response disposed of. "
            + "Read a response inside the scope that asked for it, and in one place.",
            failure,
            HttpRequestError.Unknown),
        _ when !HttpAddresses.IsHttp(exchange.Address) => RedirectedElsewhere(exchange, failure),
        OperationCanceledException => CancelledFromInside(exchange, failure),
        HttpRequestException http => Explained(exchange, failure, http.HttpRequestError, doing),
        HttpIOException io => Explained(exchange, failure, io.HttpRequestError, doing),
        IOException or SocketException => Explained(exchange, failure, HttpRequestError.Unknown, doing),
        InvalidDataException => Failure(
            exchange,
            $"the body could not be decompressed ({failure.Message}). It is damaged, or its Content-Encoding header is wrong. "
            + "Ask for an uncompressed answer: LoopHttpOptions.AutomaticDecompression = DecompressionMethods.None.",
            failure,
            HttpRequestError.InvalidResponse),
        _ => failure,
    };

    /// <summary>
    /// Whether the server was closing its connection in good order, and does no harm if it is asked twice (RFC 9110, 9.2.2). .NET repeats what it is told was not looked at,
    /// some times; what was under way when the connection ended it gives up.
    /// </summary>
    internal static bool MayBeRepeated(LoopHttpException failure, HttpRequestMessage request)
        => failure.HttpRequestError == HttpRequestError.HttpProtocolError && Inner<HttpProtocolException>(failure) is { ErrorCode: 0 } && request.Content is null
            && request.Method.Method is "GET" or "HEAD" or "OPTIONS" or "TRACE" or "PUT" or "DELETE";

    internal static LoopHttpException Status(Exchange exchange, HttpStatusCode status, string? phrase) => new(
        string.Create(
            CultureInfo.InvariantCulture,
            $"{What(exchange)} was answered with status {(int)status} ({phrase ?? status.ToString()}). {AdviceOn(status)}"),
        exchange.Method,
        exchange.Address,
        inner: null,
        HttpRequestError.Unknown,
        status);

    internal static TimeoutException Silence(Exchange exchange, TimeSpan patience, string doing, Exception? end = null) => new(
        string.Create(
            CultureInfo.InvariantCulture,
            $"{What(exchange)} got nothing for {patience.TotalSeconds:0.###} s while {doing}. The server is slow, out of reach, or holds "
            + $"the connection without answering. If it needs that long, raise LoopHttpOptions.Timeout or the request's own timeout."),
        end);

    internal static LoopHttpException ClientDisposed(Exchange exchange, Exception? failure = null) => Failure(
        exchange,
        "its LoopHttpClient was disposed of before the exchange was over. Dispose of the client when all that uses it has ended.",
        failure,
        HttpRequestError.Unknown);

    internal static LoopHttpException CancelledFromInside(Exchange exchange, Exception failure) => Failure(
        exchange,
        $"the handler below gave up with {failure.GetType().Name} ({failure.Message}), although no scope of the caller was cancelled.",
        failure,
        HttpRequestError.Unknown);

    internal static LoopHttpException RedirectedElsewhere(Exchange exchange, Exception? failure) => Failure(
        exchange,
        "it was redirected there, and only http and https can be asked. Set LoopHttpOptions.MaxRedirects to 0 to get such answers as they are.",
        failure,
        HttpRequestError.Unknown);

    internal static LoopHttpException TooManyRedirects(Exchange exchange, HttpStatusCode status, Uri? location, int most) => new(
        string.Create(
            CultureInfo.InvariantCulture,
            $"{What(exchange)} was redirected once more ({(int)status}, to {Shown(location)}), which is not followed: after {most} "
            + $"redirects (LoopHttpOptions.MaxRedirects) it is taken for a loop, and from https to http none is followed. "
            + $"Set MaxRedirects to 0 to get such answers as they are."),
        exchange.Method,
        exchange.Address,
        inner: null,
        HttpRequestError.Unknown,
        status);

    internal static LoopHttpException TooBig(Exchange exchange, long limit) => Failure(
        exchange,
        string.Create(
            CultureInfo.InvariantCulture,
            $"the body is longer than {limit} bytes (LoopHttpOptions.MaxBufferedBytes). Raise that, or take the body in pieces: StreamAsync."),
        failure: null,
        HttpRequestError.ConfigurationLimitExceeded);

    /// <summary>Method and address for a reader: without credentials, and with no query, which may hold keys.</summary>
    internal static string What(Exchange exchange) => $"{exchange.Method} {Shown(exchange.Address)}";

    /// <inheritdoc cref="What"/>
    internal static string Shown(Uri? address) => address switch
    {
        null => "nowhere",
        { IsAbsoluteUri: false } => Passwords.HideIn(address.OriginalString.Split('?')[0]),
        _ => address.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped)
            + (address.Query.Length > 1 ? "?…" : ""),
    };

    private static LoopHttpException Failure(Exchange exchange, string text, Exception? failure, HttpRequestError error) =>
        new($"{What(exchange)} failed: {text}", exchange.Method, exchange.Address, failure, error);

    private static LoopHttpException Explained(Exchange exchange, Exception failure, HttpRequestError error, string doing)
    {
        var host = exchange.Address.IsAbsoluteUri ? exchange.Address.Host : "the server";
        var socket = SocketErrorIn(failure);
        var text = error switch
        {
            _ when socket is SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData =>
                $"the name '{host}' could not be resolved. It is misspelt, or there is no network or name server. Check the address.",
            HttpRequestError.ConnectionError when socket == SocketError.ConnectionRefused =>
                $"nobody listens at {exchange.Address.Authority}. The server is not running, or on another port. Start it, or check the address.",
            HttpRequestError.ConnectionError =>
                $"no connection to {exchange.Address.Authority} ({Innermost(failure).Message}). Check the address, the network and firewalls.",
            HttpRequestError.SecureConnectionError when Inner<AuthenticationException>(failure) is not null =>
                $"no secure connection ({Innermost(failure).Message}). The certificate is not trusted here or not for '{host}', or the "
                + "port does not speak TLS. Check the address, or add the certificate's authority to the trusted ones.",
            HttpRequestError.SecureConnectionError =>
                $"no secure connection ({Innermost(failure).Message}). The port probably does not speak TLS. Check the address: is it http?",
            HttpRequestError.ProxyTunnelError =>
                $"the proxy did not open a tunnel ({Innermost(failure).Message}). Check the proxy's settings, or set UseProxy to false.",
            HttpRequestError.HttpProtocolError when Inner<HttpProtocolException>(failure) is { ErrorCode: 0 } =>
                $"the server has closed its connection in good order (GOAWAY) while {doing}: it serves so many requests on one. "
                + "Repeat the request if it may be done twice.",
            HttpRequestError.InvalidResponse or HttpRequestError.HttpProtocolError =>
                $"what came is no valid HTTP ({Innermost(failure).Message}). Something else listens at that port, or it wants https.",
            HttpRequestError.ResponseEnded when Inner<CutException>(failure) is not null =>
                $"the connection ended while {doing}, without TLS's goodbye (close_notify): the server never says it, or somebody has cut the connection and what came "
                + "is not all. What came was given out before, in pieces (StreamAsync): take it if its own end mark says that it is whole.",
            HttpRequestError.ResponseEnded =>
                $"the server closed the connection while {doing}, before the answer was complete. It has crashed, was restarted or cut "
                + "the answer short. Repeat the request if it may be done twice.",
            HttpRequestError.ConfigurationLimitExceeded =>
                $"the answer exceeds a limit ({Innermost(failure).Message}). Raise that limit in a handler of your own.",
            _ when socket is not null =>
                $"the connection broke while {doing} ({Innermost(failure).Message}). Repeat the request if it may be done twice.",
            _ => $"{Innermost(failure).Message} This happened while {doing}.",
        };
        return Failure(exchange, text, failure, error);
    }

    private static string AdviceOn(HttpStatusCode status) => (int)status switch
    {
        401 => "It wants to know who asks: send an Authorization header.",
        403 => "Whoever asks must not do that: check the credentials, and the User-Agent, which some servers insist on.",
        404 or 410 => "There is nothing at that address: check its path, and how it was joined with BaseAddress.",
        405 => "That address does not take this method.",
        429 or 503 => "The server is busy: wait as long as its Retry-After header says, then try again.",
        >= 300 and < 400 => "It is a redirect that was not followed: see LoopHttpOptions.MaxRedirects.",
        >= 500 => "The server failed on it: it may work later.",
        _ => "The server refuses the request as it is: its body may say why.",
    };

    private static SocketError? SocketErrorIn(Exception failure)
        => Inner<SocketException>(failure)?.SocketErrorCode ?? Inner<ConnectionException>(failure)?.ErrorCode;

    private static T? Inner<T>(Exception? failure)
        where T : Exception
    {
        for (; failure is not null; failure = failure.InnerException)
        {
            if (failure is T found)
            {
                return found;
            }
        }

        return null;
    }

    private static Exception Innermost(Exception failure) => failure.InnerException is { } inner ? Innermost(inner) : failure;
}
