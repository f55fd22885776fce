using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Heddle.Analyzers.Tests;

/// <summary>A report leads to the page of its rule, wherever the package, or the repository, has been put.</summary>
public sealed class RulePageTests
{
    [Theory]
    [InlineData("/home/ann/.nuget/packages/heddle/0.1.0/docs/rules/", "file:///home/ann/.nuget/packages/heddle/0.1.0/docs/rules/HED001.md")]
    [InlineData("/home/an n/rules/", "file:///home/an%20n/rules/HED001.md")]
    [InlineData(@"C:\packages\heddle\docs\rules\", "file:///C:/packages/heddle/docs/rules/HED001.md")]
    public async Task The_link_of_a_report_is_the_page_where_the_project_says_that_the_pages_are(string folder, string link) =>
        Assert.Equal(link, (await ReportAsync(folder)).Descriptor.HelpLinkUri);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("docs/rules/")]
    public async Task A_report_has_no_link_where_nobody_says_where_the_pages_are(string? folder) =>
        Assert.Equal("", (await ReportAsync(folder)).Descriptor.HelpLinkUri);

    private static async Task<Diagnostic> ReportAsync(string? folder)
    {
        var code = CSharpSyntaxTree.ParseText("class P { static void F() { Heddle.Coroutine.Delay(default); } }", cancellationToken: TestContext.Current.CancellationToken);
        var compilation = CSharpCompilation.Create("p", [code], PlatformReferences.ByPath.Values, new(OutputKind.DynamicallyLinkedLibrary));
        var options = new AnalyzerOptions([], new Options(folder));
        var reports = await compilation.WithAnalyzers([new HED001ForgottenAwaitAnalyzer()], options)
            .GetAnalyzerDiagnosticsAsync(TestContext.Current.CancellationToken);
        return Assert.Single(reports);
    }

    private sealed class Options(string? folder) : AnalyzerConfigOptionsProvider
    {
        public override AnalyzerConfigOptions GlobalOptions { get; } = new Of(folder);

        public override AnalyzerConfigOptions GetOptions(SyntaxTree tree) => new Of(null);

        public override AnalyzerConfigOptions GetOptions(AdditionalText textFile) => new Of(null);
    }

    private sealed class Of(string? folder) : AnalyzerConfigOptions
    {
        public override bool TryGetValue(string key, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out string? value) =>
            (value = key == "build_property.HeddleRulePages" ? folder : null) is not null;
    }
}
