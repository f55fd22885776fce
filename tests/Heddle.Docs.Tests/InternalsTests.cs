using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Heddle.Docs.Tests;

/// <summary>docs/internals.md leads a reader to the code: <c>[`Type.Member`](file)</c>.</summary>
public sealed partial class InternalsTests
{
    [Fact]
    public void Each_member_is_declared_in_the_file_that_its_link_leads_to()
    {
        var document = Path.Combine(Repository.Root, "docs", "internals.md");
        var links = Link().Matches(File.ReadAllText(document));
        Assert.True(links.Count > 50);
        Expect.None(
            from Match link in links
            let file = Path.Combine(Path.GetDirectoryName(document)!, link.Groups["file"].Value)
            where !File.Exists(file) || link.Groups["name"].Value.Split('.').Last() is var name && !DeclaredIn(file).Contains(name)
            select $"{link.Value} is not there.");
    }

    private static HashSet<string> DeclaredIn(string file)
        => [.. CSharpSyntaxTree.ParseText(File.ReadAllText(file)).GetRoot().DescendantNodes().Select(NameOf).OfType<string>()];

    private static string? NameOf(Microsoft.CodeAnalysis.SyntaxNode node) => node switch
    {
        BaseTypeDeclarationSyntax type => type.Identifier.ValueText,
        MethodDeclarationSyntax method => method.Identifier.ValueText,
        PropertyDeclarationSyntax property => property.Identifier.ValueText,
        VariableDeclaratorSyntax { Parent.Parent: FieldDeclarationSyntax } field => field.Identifier.ValueText,
        _ => null,
    };

    [GeneratedRegex(@"\[`(?<name>[\w.]+)`\]\((?<file>[^)\s]+\.cs)\)")]
    private static partial Regex Link();
}
