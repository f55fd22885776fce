using Heddle.Testing;
using WikiPath.MediaWiki;
using WikiPath.Sample;

namespace WikiPath.Tests.MediaWiki;

public sealed class ArticleFinderTests
{
    [Theory]
    [InlineData("python", "Python")]
    [InlineData("  карл__Маркс ", "Карл Маркс")]
    [InlineData("Карл  Маркс#Капитал", "Карл Маркс")]
    [InlineData("Маркс", "Карл Маркс")]
    [InlineData("Эппл", "Apple")]           // by way of two redirects
    [InlineData("C++", "C++")]
    [InlineData("Centrum Wiskunde & Informatica", "Centrum Wiskunde & Informatica")]
    [InlineData("1984 (роман)", "1984 (роман)")]
    [InlineData("задача о кратчаи\u0306шем пути", "Задача о кратчайшем пути")]      // accents apart, as macOS writes them
    public void A_title_is_found_as_typed(string typed, string title) =>
        Assert.Equal(new ArticleLookup(title, null, false), LookUp(typed));

    [Fact]
    public void A_disambiguation_page_is_known_as_one() => Assert.True(LookUp("питон").IsDisambiguation);

    [Theory]
    [InlineData("Нет такой статьи", "does not exist")]
    [InlineData("A|B", "is no title")]
    [InlineData("Tom]", "is no title")]
    [InlineData(" ", "is empty")]
    public void What_is_no_article_says_why(string typed, string problem) =>
        Assert.Contains(problem, LookUp(typed).Problem, StringComparison.Ordinal);

    [Theory]
    [InlineData("Pyton", "Python")]
    [InlineData("Карл Моркс", "Карл Маркс")]
    [InlineData("Фридрих", "Фридрих Энгельс")]
    [InlineData("Микронезия", null)]
    public void The_nearest_title_comes_first(string typed, string? nearest) =>
        Assert.Equal(nearest, VirtualTime.Run(() => Sample().SuggestAsync(typed)).FirstOrDefault());

    static ArticleLookup LookUp(string typed) => VirtualTime.Run(() => Sample().FindAsync(typed, "Python"))[0];

    static ArticleFinder Sample() => new(TestWiki.Api(new InMemoryWikiHandler(WikiContentReader.ReadSample())));
}
