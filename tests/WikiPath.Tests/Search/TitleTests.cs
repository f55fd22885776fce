using WikiPath.Search;

namespace WikiPath.Tests.Search;

public sealed class TitleTests
{
    [Fact]
    public void Titles_of_every_script_and_length_come_back_as_they_were()
    {
        string[] titles =
        [
            "", "1984 (роман)", "C++", "\"Heroes\"", "É", "E\u0301", "日本語", "🧵 heddle", "a & b = c, d | e",
            new string('ж', 3000), .. Enumerable.Range(0, 20_000).Select(i => $"{i * 7919 % 65536:x4} {i}"),
        ];
        var search = new BidirectionalSearch("from", "to");
        search.AddKnown(Direction.Forward, "from", titles);
        search.AddKnown(Direction.Forward, "from", titles);

        Assert.Equal(titles.Order(StringComparer.Ordinal), search.Unasked(Direction.Forward).Order(StringComparer.Ordinal));
        Assert.Equal(titles.Length + 2, search.TitlesMet);
    }
}
