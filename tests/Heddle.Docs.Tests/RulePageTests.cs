using Heddle.Analyzers;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Heddle.Docs.Tests;

public sealed class RulePageTests
{
    public static TheoryData<string> Rules =>
    [
        .. from type in typeof(HeddleAnalyzer).Assembly.GetTypes()
           where type.IsSubclassOf(typeof(HeddleAnalyzer))
           from rule in ((DiagnosticAnalyzer)Activator.CreateInstance(type)!).SupportedDiagnostics
           select rule.Id,
    ];

    [Theory]
    [MemberData(nameof(Rules))]
    public void Each_rule_has_a_page_with_code_that_breaks_it_and_code_that_does_not(string rule)
    {
        var samples = MarkdownReader.Samples(rule, File.ReadAllText(Page($"{rule}.md")));

        Assert.Contains(samples, sample => sample.Reports.SequenceEqual([rule]));
        Assert.Contains(samples, sample => sample.Reports.Count == 0);
    }

    [Theory]
    [MemberData(nameof(Rules))]
    public void The_index_lists_each_rule(string rule) =>
        Assert.Contains($"| [{rule}]({rule}.md) |", File.ReadAllText(Page("README.md")), StringComparison.Ordinal);

    private static string Page(string name) => Path.Combine(Repository.Root, "docs", "rules", name);
}
