using System.Collections.Frozen;
using System.Net;

namespace Heddle;

/// <summary>Follows redirects (RFC 9110, 15.4). The handler of .NET would take each scheme for HTTP, and hand to a stranger's server what the caller has set for its own.</summary>
internal sealed class RedirectFollower(HttpMessageHandler inner, int most) : DelegatingHandler(inner)
{
    /// <summary>
    /// What goes along to another host. Which of all other headers is a key, a cookie or a token, nobody can tell by its name.
    /// </summary>
    private static readonly FrozenSet<string> s_harmless = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "Accept", "Accept-Charset", "Accept-Encoding", "Accept-Language", "Cache-Control", "Connection", "Expect", "If-Match", "If-Modified-Since",
        "If-None-Match", "If-Range", "If-Unmodified-Since", "Pragma", "Range", "TE", "Transfer-Encoding", "User-Agent");

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        for (var followed = 0; followed < most && TargetOf(request.RequestUri!, response) is { } target; followed++)
        {
            response.Dispose();
            Prepare(request, response.StatusCode, target);
            response = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        }

        return response;
    }

    /// <summary>Null if it is no redirect, or one that would leave what is secret.</summary>
    private static Uri? TargetOf(Uri from, HttpResponseMessage response)
    {
        if ((int)response.StatusCode is not (300 or 301 or 302 or 303 or 307 or 308) || response.Headers.Location is not { } location)
        {
            return null;
        }

        var target = location.IsAbsoluteUri ? location : new Uri(from, location);
        if (from.Fragment.Length > 0 && target.Fragment.Length == 0)
        {
            target = new UriBuilder(target) { Fragment = from.Fragment }.Uri;
        }

        return from.Scheme == Uri.UriSchemeHttps && target.Scheme == Uri.UriSchemeHttp ? null : target;
    }

    private static void Prepare(HttpRequestMessage request, HttpStatusCode status, Uri target)
    {
        var from = request.RequestUri!;
        request.RequestUri = target;
        if (!HttpAddresses.IsHttp(target))
        {
            // Whoever explains the failure sees where it was to go.
            throw new NotSupportedException($"Only http and https can be asked, and not {target.Scheme}.");
        }

        if (status == HttpStatusCode.SeeOther ? request.Method != HttpMethod.Head : request.Method == HttpMethod.Post && (int)status < 307)
        {
            request.Method = HttpMethod.Get;
            request.Content = null;
            request.Headers.TransferEncodingChunked = null;
        }

        if (!IsSame(from, target))
        {
            foreach (var name in request.Headers.NonValidated.Select(static header => header.Key).Where(static name => !s_harmless.Contains(name)).ToArray())
            {
                request.Headers.Remove(name);
            }
        }
    }

    /// <summary>Whether the same server is asked: at the same port too, unless it is the usual one and now of https.</summary>
    private static bool IsSame(Uri from, Uri target) => from.IdnHost == target.IdnHost
        && ((from.Scheme == target.Scheme && from.Port == target.Port) || (from.IsDefaultPort && target.IsDefaultPort));
}
