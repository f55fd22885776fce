using WikiPath.MediaWiki;

namespace WikiPath.Tests.MediaWiki;

public sealed class WikiAddressTests
{
    [Theory]
    [InlineData("en", "https://en.wikipedia.org/w/api.php")]
    [InlineData("zh-min-nan", "https://zh-min-nan.wikipedia.org/w/api.php")]
    [InlineData("wiki.example.org", "https://wiki.example.org/w/api.php")]
    [InlineData("wiki.example.org:8080", "https://wiki.example.org:8080/w/api.php")]
    [InlineData("localhost", "https://localhost/w/api.php")]
    [InlineData("https://wiki.example.org", "https://wiki.example.org/w/api.php")]
    [InlineData("http://127.0.0.1:8090/", "http://127.0.0.1:8090/w/api.php")]
    [InlineData("https://wiki.example.org/?a=b", "https://wiki.example.org/?a=b")]
    [InlineData("http://127.0.0.1:8090/api.php", "http://127.0.0.1:8090/api.php")]
    public void A_wiki_has_many_names(string text, string endpoint)
    {
        Assert.True(WikiAddress.TryParse(text, out var address));
        Assert.Equal(new Uri(endpoint), address.Endpoints[0]);
        Assert.Equal(text, address.Name);
    }

    [Theory]
    [InlineData("")]
    [InlineData("two words")]
    [InlineData("ftp://example.org/api.php")]
    [InlineData("http://")]
    [InlineData("wiki/api.php")]
    public void What_names_no_wiki_is_refused(string text) => Assert.False(WikiAddress.TryParse(text, out _));
}
