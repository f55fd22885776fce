using System.Net.Http.Headers;
using System.Text.Json;
using Heddle;

namespace WikiPath.MediaWiki;

/// <summary>
/// Calls a wiki's API with good manners: it names itself, asks for gzip and <c>maxlag</c>, waits as long as it is told
/// to, and tries again what may succeed.
/// </summary>
public sealed class WikiApi(LoopHttpClient http, WikiAddress address, RetryPolicy retries)
{
    // Longer queries go as POST: servers cut long addresses off.
    const int LongestGet = 2000;

    static readonly KeyValuePair<string, string>[] Always =
    [
        new("action", "query"), new("format", "json"), new("formatversion", "2"), new("errorformat", "plaintext"),
        new("maxlag", "5"),
    ];

    readonly Queue<Uri> _elsewhere = new(address.Endpoints.Skip(1));
    readonly List<Uri> _absent = [];
    Uri _endpoint = address.Endpoints[0];
    bool _hasAnswered;
    bool _isKnown;      // it has answered, if only that it is busy
    TimeSpan _pauseUntil;

    /// <summary>Told why and how long a request waits before it is sent again.</summary>
    public Action<string>? OnWait { get; init; }

    /// <summary>Where the wiki is asked now.</summary>
    public Uri Endpoint => _endpoint;

    /// <summary>Whether requests say how to reach whoever sends them.</summary>
    public bool NamesContact { get; init; }

    /// <summary>How many requests were sent, those that failed too.</summary>
    public int Requests { get; private set; }

    /// <summary>One call, tried until it succeeds; throws <see cref="WikiException"/> when that is hopeless.</summary>
    public async Coroutine<JsonDocument> CallAsync(IEnumerable<KeyValuePair<string, string>> parameters)
    {
        using var content = new FormUrlEncodedContent(Always.Concat(parameters));
        var query = await content.ReadAsStringAsync(CancelScope.Current.Token);
        var begun = EventLoop.Current.Now;
        for (var attempt = 1; ; attempt++)
        {
            await PauseAsync();
            var (answer, fault) = await AttemptAsync(query, retries.TimeoutOf(attempt, _isKnown));
            _isKnown |= answer is not null || fault!.Kind == ApiFaultKind.Busy;
            if (answer is not null) return answer;
            if (fault!.Kind == ApiFaultKind.Missing && !_hasAnswered && _elsewhere.TryDequeue(out var next))
            {
                _absent.Add(_endpoint);
                _endpoint = next;
                continue;
            }
            if (retries.DelayAfter(fault, attempt, _isKnown) is not { } delay)
            {
                throw Failure(fault, attempt, EventLoop.Current.Now - begun);
            }
            // The wiki's wish for a pause holds for every request, not just for the one that met it.
            if (fault.RetryAfter is not null) _pauseUntil = Max(_pauseUntil, EventLoop.Current.Now + delay);
            // The cause comes last: a narrow terminal may cut it off.
            OnWait?.Invoke($"trying again in {Math.Ceiling(delay.TotalSeconds):0} s (try {attempt + 1}): {fault.What}");
            await Coroutine.Delay(delay);
        }
    }

    async Coroutine PauseAsync()
    {
        while (_pauseUntil - EventLoop.Current.Now is { } rest && rest > TimeSpan.Zero) await Coroutine.Delay(rest);
    }

    async Coroutine<(JsonDocument?, ApiFault?)> AttemptAsync(string query, TimeSpan limit)
    {
        Requests++;
        try
        {
            return await SendAsync(query).WithTimeout(limit);
        }
        catch (TimeoutException)
        {
            return (null, ApiFaults.Timeout(limit));
        }
        catch (LoopHttpException failure)
        {
            return (null, ApiFaults.Of(failure));
        }
    }

    async Coroutine<(JsonDocument?, ApiFault?)> SendAsync(string query)
    {
        using var request = Request(query);
        await using var response = await http.SendAsync(request);
        var now = EventLoop.Current.Clock.GetUtcNow();
        if (ApiFaults.Of(response, now, new WikiSender(NamesContact, address.Authorization is not null)) is { } fault) return (null, fault);
        JsonDocument? answer = null;
        try
        {
            answer = JsonDocument.Parse(await response.ReadAsBytesAsync());
        }
        catch (JsonException)
        {
            return (null, ApiFaults.Unreadable(response));
        }
        if (ApiFaults.Of(answer.RootElement, ApiFaults.RetryAfter(response, now)) is { } error)
        {
            answer.Dispose();
            return (null, error);
        }
        _hasAnswered = true;
        _absent.Clear();
        // Where a redirect led: a later POST would lose its body on the way.
        _endpoint = new Uri(response.Address.GetComponents(
            UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped));
        return (answer, null);
    }

    HttpRequestMessage Request(string query)
    {
        var isShort = query.Length <= LongestGet;
        var request = isShort
            ? new HttpRequestMessage(HttpMethod.Get, $"{_endpoint}?{query}")
            : new HttpRequestMessage(HttpMethod.Post, _endpoint)
            {
                Content = new StringContent(query, null, "application/x-www-form-urlencoded"),
            };
        if (!isShort) request.Headers.Add("Promise-Non-Write-API-Action", "true");
        // To the server that the user named, and to none that it redirects to.
        if (address.Authorization is { } user && _endpoint.Authority == address.Endpoints[0].Authority)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Basic", user);
        }
        return request;
    }

    WikiException Failure(ApiFault fault, int attempts, TimeSpan time)
    {
        var tried = attempts == 1 ? "" : $" Tried {attempts} times in {time.TotalSeconds:0.#} s.";
        var wish = fault.RetryAfter > retries.LongestRetryAfter
            ? $" It asks to wait {fault.RetryAfter.Value.TotalSeconds:0} s."
            : "";
        var absent = string.Concat(_absent.Select(other => $" There is nothing at {other}."));
        return new WikiException($"{_endpoint}: {fault.What}.{absent}{wish}{tried} {fault.Advice}");
    }

    static TimeSpan Max(TimeSpan a, TimeSpan b) => a > b ? a : b;
}
