namespace Heddle.Analyzers;

/// <summary>Where the page of a rule is: in the package, beside the analyzers, so that it is at hand and of the same version.</summary>
internal static class RulePage
{
    private const string Folder = "build_property.HeddleRulePages";

    /// <summary>The rule with a link to its page. The project says where the pages are; one that does not gets no link.</summary>
    internal static DiagnosticDescriptor In(AnalyzerOptions options, DiagnosticDescriptor rule) =>
        options.AnalyzerConfigOptionsProvider.GlobalOptions.TryGetValue(Folder, out var folder)
        && Uri.TryCreate($"{folder}{rule.Id}.md", UriKind.Absolute, out var page)
            ? new(
                rule.Id,
                rule.Title,
                rule.MessageFormat,
                rule.Category,
                rule.DefaultSeverity,
                rule.IsEnabledByDefault,
                rule.Description,
                page.AbsoluteUri,
                [.. rule.CustomTags])
            : rule;
}
