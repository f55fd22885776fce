using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace WikiPath.Sample;

/// <summary>Answers MediaWiki's API from a wiki in memory, so that a client cannot tell it from a server.</summary>
public sealed class InMemoryWikiHandler(WikiContent wiki) : HttpMessageHandler
{
    /// <summary>The most rows of a property that one answer holds; the rest comes by continuation.</summary>
    public int RowsPerAnswer { get; init; } = 500;

    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var text = request.Content is null
            ? request.RequestUri!.Query.TrimStart('?')
            : await request.Content.ReadAsStringAsync(cancellationToken).ConfigureAwait(false);
        var parameters = new ApiParameters(text, RowsPerAnswer);
        try
        {
            return Json(request, new InMemoryQuery(wiki, parameters).Run());
        }
        catch (ApiErrorException error)
        {
            var errors =
                new JsonArray(new JsonObject { ["code"] = error.Code, ["text"] = error.Message, ["module"] = "query" });
            var response = Json(request, new JsonObject { ["errors"] = errors });
            response.Headers.Add("MediaWiki-API-Error", error.Code);
            return response;
        }
    }

    static HttpResponseMessage Json(HttpRequestMessage request, JsonObject answer)
    {
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes(answer.ToJsonString()));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json", "utf-8");
        return new HttpResponseMessage(HttpStatusCode.OK) { Content = content, RequestMessage = request };
    }
}
