using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Heddle.Architecture.Tests;

/// <summary>Conventions that a compiler does not hold: CONTRIBUTING.md.</summary>
public sealed partial class RepositoryTests
{
    private const int MostLines = 400;

    [Fact]
    public void The_core_depends_on_no_package()
    {
        var packages =
            from file in new[] { "src/Heddle/Heddle.csproj", "src/Directory.Build.props", "Directory.Build.props" }
            from reference in XDocument.Load(Path.Combine(Repository.Root, file)).Descendants("PackageReference")
            where (string?)reference.Attribute("PrivateAssets") != "all"
            select $"{file}: {(string?)reference.Attribute("Include")}";

        Expect.None(packages);
    }

    [Fact]
    public void No_assembly_shows_its_internals_to_another() =>
        Expect.None(
            from file in Code("src", "apps").Concat(Repository.Files("", "*.csproj")).Concat(Repository.Files("", "*.props"))
            where File.ReadAllText(file).Contains("InternalsVisibleTo", StringComparison.Ordinal)
            select Repository.Relative(file));

    [Fact]
    public void No_file_is_longer_than_400_lines() =>
        Expect.None(
            from file in Code("src", "apps")
            let lines = File.ReadLines(file).Count()
            where lines > MostLines
            select $"{Repository.Relative(file)} has {lines} lines: cut it by concern.");

    [Fact]
    public void No_file_has_regions() =>
        Expect.None(
            from place in Places(Code("src", "apps", "tests", "bench"), Region())
            select place.Text);

    [Fact]
    public void Every_wait_on_the_wall_clock_in_a_test_says_why() =>
        Expect.None(
            from place in Places(Code("tests"), WallClockWait())
            where !place.HasComment
                // What these quote is compiled and never run.
                && !place.Text.StartsWith("tests/Heddle.Analyzers.Tests/", StringComparison.Ordinal)
            select $"{place.Text} waits on the wall clock: use virtual time, or say why in a comment above.");

    private static IEnumerable<string> Code(params string[] folders) =>
        folders.SelectMany(folder => Repository.Files(folder, "*.cs"));

    private static IEnumerable<(string Text, bool HasComment)> Places(IEnumerable<string> files, Regex pattern) =>
        from file in files
        let lines = File.ReadAllLines(file)
        from number in Enumerable.Range(0, lines.Length)
        where pattern.IsMatch(lines[number])
        let near = lines[Math.Max(0, number - 2)..(number + 1)]
        select ($"{Repository.Relative(file)}:{number + 1}", near.Any(line => Comment().IsMatch(line)));

    [GeneratedRegex(@"^\s*#\s*region\b")]
    private static partial Regex Region();

    [GeneratedRegex(@"(^|\s)//")]
    private static partial Regex Comment();

    /// <summary>A delay of a provider that the code was given is none.</summary>
    [GeneratedRegex(@"(Thread\.Sleep|Task\.Delay(?!.*([tT]imeProvider|, time[,)]))|SpinWait\.SpinUntil|(?<![sS]cope!?\.|Current\.)CancelAfter|WaitOne|\.Wait)\((?!\))")]
    private static partial Regex WallClockWait();
}
