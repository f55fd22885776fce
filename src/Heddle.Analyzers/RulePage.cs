using System.Reflection;

namespace Heddle.Analyzers;

/// <summary>Where the page of a rule is.</summary>
internal static class RulePage
{
    private static readonly string s_pages = typeof(RulePage).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == "RulePages").Value!;

    internal static string Of(string id) => $"{s_pages}{id}.md";
}
