using System.Text.RegularExpressions;

namespace Heddle.Samples.Tests;

/// <summary>A program of <c>samples/</c>, with what it reads and what it prints in the files beside it.</summary>
internal sealed partial record SampleFile(string Name)
{
    public static IEnumerable<SampleFile> All =>
        Directory.EnumerateFiles(Folder, "*.cs").Order(StringComparer.Ordinal)
            .Select(file => new SampleFile(Path.GetFileNameWithoutExtension(file)));

    public static string Folder { get; } = Path.Combine(Repository.Root, "samples");

    public string Code => Path.Combine(Folder, $"{Name}.cs");

    /// <summary>What it prints; every sample has one.</summary>
    public string Output => Path.Combine(Folder, $"{Name}.out");

    /// <summary>What is typed while it runs; without this file nothing is.</summary>
    public string Input => Path.Combine(Folder, $"{Name}.in");

    /// <summary>Another program that it runs, which a line <c>// Needs: NAME</c> says; null if it runs none.</summary>
    public string? Peer => Need().Match(File.ReadAllText(Code)) is { Success: true } need ? need.Groups["program"].Value : null;

    /// <summary>
    /// The runtime's assemblies and those that the sample's own directives bring, so that a directive which is missing
    /// fails here as it would for a user. A project or package brings the assembly of its name.
    /// </summary>
    public IEnumerable<string> Assemblies
    {
        get
        {
            var named = Directive().Matches(File.ReadAllText(Code))
                .Select(directive => Path.GetFileNameWithoutExtension(directive.Groups["project"].Value)
                    + directive.Groups["package"].Value)
                .SelectMany(WithWhatItStandsOn)
                .ToHashSet(StringComparer.OrdinalIgnoreCase);
            return ProgramCompiler.Assemblies.Where(path =>
                !path.StartsWith(AppContext.BaseDirectory, StringComparison.Ordinal)
                || named.Contains(Path.GetFileNameWithoutExtension(path)));
        }
    }

    /// <summary>A project, or a package of ours, brings those that it refers to as well.</summary>
    private static IEnumerable<string> WithWhatItStandsOn(string project)
    {
        var file = Path.Combine(Repository.Root, "src", project, $"{project}.csproj");
        return !File.Exists(file) ? [project]
            : Reference().Matches(File.ReadAllText(file)).SelectMany(reference => WithWhatItStandsOn(reference.Groups["project"].Value)).Prepend(project);
    }

    [GeneratedRegex(@"<ProjectReference Include=""[^""]*?(?<project>[\w.]+)\.csproj""")]
    private static partial Regex Reference();

    [GeneratedRegex(@"^#:(project (?<project>\S+)|package (?<package>\S+))\r?$", RegexOptions.Multiline)]
    private static partial Regex Directive();

    [GeneratedRegex(@"^// Needs: (?<program>\S+)\r?$", RegexOptions.Multiline)]
    private static partial Regex Need();
}
