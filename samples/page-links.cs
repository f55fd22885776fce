#:project ../src/Heddle/Heddle.csproj
#:project Support/Support.csproj
#:package AngleSharp
// An async method with yield return in it is an asynchronous generator: it may await on its way to the next value, and
// whoever reads it may stop.
using AngleSharp.Dom;
using AngleSharp.Html.Parser;
using Heddle;
using Heddle.Samples;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

using var site = Site.Start(app => app.MapGet("/", () => Results.Content(
    """
    <!doctype html>
    <title>Looms</title>
    <ul>
      <li><a href="/heddle">Heddle</a>
      <li><a href='/shuttle?size=2&amp;color=red'>Shuttle</a>
      <li><a name="top">no link</a>
      <li><!-- <a href="/gone">gone</a> --><a href="https://example.org/warp">Warp</a>
    </ul>
    """,
    "text/html")));

EventLoop.Run(async () =>
{
    await foreach (var link in GetLinksAsync(site.Address))
    {
        Console.WriteLine(link);
    }
});

static async IAsyncEnumerable<string> GetLinksAsync(Uri page)
{
    await using var http = new LoopHttpClient();
    var html = await http.GetStringAsync($"{page}");
    foreach (var tag in new HtmlParser().ParseDocument(html).All)
    {
        if (tag.LocalName == "a" && tag.GetAttribute("href") is { } link)
        {
            yield return link;
        }
    }
}
