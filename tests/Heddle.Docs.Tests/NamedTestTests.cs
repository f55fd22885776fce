using System.Text.RegularExpressions;

namespace Heddle.Docs.Tests;

/// <summary>Documents name tests as <c>`SomethingTests.A_sentence`</c>.</summary>
public sealed partial class NamedTestTests
{
    [Fact]
    public void Every_test_that_a_document_names_exists()
    {
        var tests = Repository.Files("tests", "*.cs").Select(File.ReadAllText).ToList();

        Expect.None(
            from file in Documents.All
            from Match named in NamedTest().Matches(File.ReadAllText(file))
            let type = named.Groups["type"].Value
            let method = named.Groups["method"].Value
            where !tests.Any(text => Declares(text, "class", type) && Declares(text, @"[\w<>]+", method))
            select $"{Repository.Relative(file)}: {type}.{method}");
    }

    private static bool Declares(string text, string before, string name) =>
        Regex.IsMatch(text, $@"\b{before} {Regex.Escape(name)}\b");

    [GeneratedRegex(@"`(?<type>\w+Tests)\.(?<method>\w+)`")]
    private static partial Regex NamedTest();
}
