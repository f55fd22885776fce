using System.Text.Json;
using WikiPath.Sample;
using WikiPath.Tests.MediaWiki;

namespace WikiPath.Tests.Sample;

/// <summary>What a real MediaWiki 1.39 answered to the same calls.</summary>
public sealed class InMemoryWikiHandlerTests
{
    readonly HttpMessageInvoker _wiki = new(new InMemoryWikiHandler(
        TestWiki.Of("A: B, C, R, Nothing", "B: A", "C: A", "R => B", "S => B")));

    [Fact]
    public async Task Links_come_as_written_sorted_and_in_parts()
    {
        var first = await AskAsync("titles=A&prop=links&pllimit=3");

        Assert.Equal(["B", "C", "Nothing"], Titles(first.GetProperty("query"), "links"));
        Assert.False(first.TryGetProperty("batchcomplete", out _));
        var mark = Uri.EscapeDataString(first.GetProperty("continue").GetProperty("plcontinue").GetString()!);
        var second = await AskAsync($"titles=A&prop=links&pllimit=3&plcontinue={mark}&continue=||");
        Assert.Equal(["R"], Titles(second.GetProperty("query"), "links"));
        Assert.True(second.GetProperty("batchcomplete").GetBoolean());
    }

    [Fact]
    public async Task A_property_that_is_complete_does_not_come_again()
    {
        var first = await AskAsync("titles=B&prop=linkshere|redirects&lhlimit=1&lhshow=!redirect&rdlimit=1");
        Assert.Equal("||", first.GetProperty("continue").GetProperty("continue").GetString()![..2]);

        var both = await AskAsync("titles=B&prop=linkshere|redirects&rdlimit=1&lhlimit=9&lhshow=!redirect");
        var rest = both.GetProperty("continue");
        Assert.Equal("||linkshere", rest.GetProperty("continue").GetString());
        var second = await AskAsync("titles=B&prop=linkshere|redirects&rdlimit=1&lhlimit=9&lhshow=!redirect"
            + $"&continue=||linkshere&rdcontinue={Uri.EscapeDataString(rest.GetProperty("rdcontinue").GetString()!)}");
        Assert.Equal(["S"], Titles(second.GetProperty("query"), "redirects"));
        Assert.Empty(Titles(second.GetProperty("query"), "linkshere"));
    }

    [Fact]
    public async Task Targets_of_links_can_be_looked_up_with_redirects_resolved()
    {
        var query = (await AskAsync("titles=A&generator=links&gpllimit=max&redirects=1")).GetProperty("query");

        Assert.Equal(
            "R", Assert.Single(query.GetProperty("redirects").EnumerateArray()).GetProperty("from").GetString());
        var pages = query.GetProperty("pages").EnumerateArray().ToDictionary(
            page => page.GetProperty("title").GetString()!, page => page.TryGetProperty("missing", out _));
        Assert.Equal(new Dictionary<string, bool> { ["B"] = false, ["C"] = false, ["Nothing"] = true }, pages);
    }

    [Fact]
    public async Task Pltitles_asks_which_pages_link_there()
    {
        var query = (await AskAsync("titles=A|B|C&prop=links&pllimit=max&pltitles=A|C")).GetProperty("query");

        Assert.Equal(["C", "A", "A"], Titles(query, "links"));
    }

    [Theory]
    [InlineData("action=parse", "badvalue")]
    [InlineData("action=query&prop=nonsense&titles=A", "badvalue")]
    [InlineData("action=query&prop=links&titles=A&plcontinue=nonsense", "badcontinue")]
    [InlineData("action=query&titles={1..51}", "toomanyvalues")]
    public async Task Errors_come_with_status_200_and_a_header(string query, string code)
    {
        var titles = string.Join('|', Enumerable.Range(1, 51));
        using var response = await SendAsync(query.Replace("{1..51}", titles, StringComparison.Ordinal));

        Assert.True(response.IsSuccessStatusCode);
        Assert.Equal([code], response.Headers.GetValues("MediaWiki-API-Error"));
        Assert.Contains($"\"code\":\"{code}\"", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    async Task<JsonElement> AskAsync(string query)
    {
        using var response = await SendAsync($"action=query&{query}");
        using var answer = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        return answer.RootElement.Clone();
    }

    Task<HttpResponseMessage> SendAsync(string query) =>
        _wiki.SendAsync(new HttpRequestMessage(HttpMethod.Get, $"http://wiki.invalid/api.php?{query}"), default);

    static IEnumerable<string> Titles(JsonElement query, string property) =>
        query.GetProperty("pages").EnumerateArray()
            .SelectMany(page => page.TryGetProperty(property, out var rows) ? rows.EnumerateArray() : default)
            .Select(row => row.GetProperty("title").GetString()!);
}
