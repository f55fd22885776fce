using WikiPath.Sample;

namespace WikiPath.Tests.Sample;

public sealed class SampleWikiTests
{
    readonly WikiContent _wiki = WikiContentReader.ReadSample();

    [Fact]
    public void It_has_some_hundred_articles_with_redirects_red_links_and_disambiguation()
    {
        Assert.InRange(_wiki.Pages.Count(page => page.RedirectsTo is null), 100, 200);
        Assert.True(_wiki.Pages.Count(page => page.RedirectsTo is not null) >= 10);
        Assert.True(_wiki.Pages.Count(page => page.IsDisambiguation) >= 2);
        Assert.Contains(_wiki.Pages, page => page.Links.Any(link => _wiki.Find(link) is null));
    }

    [Fact]
    public void Every_redirect_leads_to_a_page() =>
        Assert.All(
            _wiki.Pages.Select(page => page.RedirectsTo).OfType<string>(), target =>
                Assert.NotNull(_wiki.Find(target)));
}
