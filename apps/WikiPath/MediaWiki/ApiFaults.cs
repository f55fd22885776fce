using System.Net;
using System.Text.Json;
using Heddle;

namespace WikiPath.MediaWiki;

/// <summary>Tells from an exception, a status or an answer what went wrong.</summary>
static class ApiFaults
{
    const string BusyAdvice = "It is overloaded, or asks for fewer requests. Try again later.";
    const string AddressAdvice =
        "Check --wiki: a language (en), a host (wiki.example.org), or the full address of the wiki's api.php.";

    static readonly HashSet<string> BusyCodes =
        ["maxlag", "ratelimited", "readonly", "internal_api_error_DBQueryError"];

    public static ApiFault Of(LoopHttpException failure) => failure.HttpRequestError switch
    {
        _ when failure.InnerException is InvalidDataException => new(
            ApiFaultKind.Broken, "the answer was garbled on its way", "Check the network and any proxy. Try again later."),
        HttpRequestError.NameResolutionError => new(
            ApiFaultKind.Broken, "the host's name is not known", $"Check the network. {AddressAdvice}"),
        HttpRequestError.SecureConnectionError => new(
            ApiFaultKind.Broken, "no secure connection was possible",
            "Check the wiki's certificate, the clock and any proxy."),
        HttpRequestError.ConnectionError => new(
            ApiFaultKind.Broken, "no connection was possible",
            $"Check the network, and whether the wiki is up. {AddressAdvice}"),
        _ => new(ApiFaultKind.Broken, "the connection broke", $"Check the network. ({failure.Message})"),
    };

    public static ApiFault Timeout(TimeSpan limit) => new(
        ApiFaultKind.Silent, $"no answer within {limit.TotalSeconds:0} s",
        "The wiki hangs or the network is slow. Try again later.");

    /// <summary>The fault that a response's head tells, if any.</summary>
    public static ApiFault? Of(LoopHttpResponse response, DateTimeOffset now, WikiSender sender)
    {
        if (response.IsSuccess) return null;
        var what = $"HTTP status {(int)response.StatusCode} ({response.ReasonPhrase})";
        return response.StatusCode switch
        {
            HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError =>
                new(ApiFaultKind.Busy, what, BusyAdvice, RetryAfter(response, now)),
            HttpStatusCode.RequestTimeout => new(ApiFaultKind.Broken, what, BusyAdvice),
            HttpStatusCode.NotFound or HttpStatusCode.Gone => new(ApiFaultKind.Missing, what, AddressAdvice),
            HttpStatusCode.Unauthorized => new(ApiFaultKind.Refused, what, LogInAdvice(response, sender)),
            HttpStatusCode.Forbidden => new(ApiFaultKind.Refused, what, sender.NamesContact
                ? "Its API may be closed, or turn this network away."
                : "It may turn away callers who do not say how they can be reached: set WIKIPATH_CONTACT to an e-mail or web address of "
                    + "yours. Or its API is closed."),
            _ => new(ApiFaultKind.Refused, what, AddressAdvice),
        };
    }

    /// <summary>The fault that an answer tells, if any: MediaWiki reports errors with status 200.</summary>
    public static ApiFault? Of(JsonElement answer, TimeSpan? retryAfter)
    {
        if (answer.ValueKind == JsonValueKind.Object)
        {
            foreach (var first in answer.List("errors")) return OfError(first, retryAfter);
            if (answer.TryGetProperty("error", out var error)) return OfError(error, retryAfter);
            if (answer.TryGetProperty("query", out _) || answer.TryGetProperty("batchcomplete", out _)) return null;
        }
        return new(ApiFaultKind.NotAWiki, "the answer is not MediaWiki's", AddressAdvice);
    }

    public static ApiFault Unreadable(LoopHttpResponse response) =>
        response.ContentHeaders.ContentType?.MediaType switch
    {
        "application/json" => new(ApiFaultKind.Broken, "the answer was cut off", "Check the network. Try again later."),
        var type => new(ApiFaultKind.NotAWiki, $"the answer is {type ?? "of no type"}, not JSON",
            $"This is no MediaWiki API, or a network's sign-in page stands before it. {AddressAdvice}"),
    };

    public static TimeSpan? RetryAfter(LoopHttpResponse response, DateTimeOffset now) =>
        response.Headers.RetryAfter switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } => date > now ? date - now : TimeSpan.Zero,
        _ => null,
    };

    static string LogInAdvice(LoopHttpResponse response, WikiSender sender)
    {
        var ways = response.Headers.WwwAuthenticate.Select(way => way.Scheme).ToList();
        if (ways.Count > 0 && !ways.Contains("Basic", StringComparer.OrdinalIgnoreCase))
        {
            return $"It asks for a log-in of a kind that this program does not know: {string.Join(", ", ways)}.";
        }
        return sender.NamesUser
            ? "It does not take the name and the password that --wiki gives. Where it redirects to another address, they are "
                + "not sent on: name that one."
            : "It asks for a log-in. A name and a password go into --wiki: https://NAME:PASSWORD@wiki.example.org/w/api.php";
    }

    static ApiFault OfError(JsonElement error, TimeSpan? retryAfter)
    {
        var code = Text(error, "code");
        var what = $"the wiki's error '{code}': {(Text(error, "text") ?? Text(error, "info"))?.TrimEnd('.')}";
        return code is not null && BusyCodes.Contains(code)
            ? new(ApiFaultKind.Busy, what, BusyAdvice, retryAfter)
            : new(ApiFaultKind.Refused, what, "The wiki may be too old, closed or set up in an unusual way.");
    }

    static string? Text(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value)
            ? value.ToString()
            : null;
}
