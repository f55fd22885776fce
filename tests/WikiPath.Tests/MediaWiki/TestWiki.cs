using WikiPath.MediaWiki;
using WikiPath.Sample;

namespace WikiPath.Tests.MediaWiki;

static class TestWiki
{
    public static WikiAddress Address
    {
        get
        {
            Assert.True(WikiAddress.TryParse("http://wiki.invalid/api.php", out var address));
            return address;
        }
    }

    /// <summary>A wiki of a few pages: a line "A: B, C" is an article, "R => A" a redirect.</summary>
    public static WikiContent Of(params string[] lines)
    {
        var wiki = new WikiContent();
        foreach (var line in lines)
        {
            if (line.Split(" => ") is [var redirect, var target]) wiki.AddRedirect(redirect, target);
            else if (line.Split(':', 2) is [var title, var links])
            {
                wiki.AddArticle(
                    title, links.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
            }
        }
        return wiki;
    }

    public static WikiApi Api(HttpMessageHandler network) =>
        new(WikiHttp.CreateClient("tests@example.org", 4, network), Address, new RetryPolicy { Jitter = new Random(1) });
}
