namespace Heddle.Docs.Tests;

public sealed class DocumentTests
{
    public static TheoryData<string> Places => [.. Samples().Select(sample => sample.Place)];

    [Theory]
    [MemberData(nameof(Places))]
    public void Each_csharp_block_compiles_and_prints_what_the_document_says(string place) =>
        SampleProgram.Verify(Samples().Single(sample => sample.Place == place));

    [Fact]
    public void The_readme_shows_a_program_with_its_output() =>
        Assert.Contains(Samples(), sample => sample.Place.StartsWith("README.md", StringComparison.Ordinal)
            && sample.Output is { Length: > 0 });

    private static IReadOnlyList<Sample> Samples() =>
    [
        .. from file in Documents.All
           let name = Repository.Relative(file)
           from sample in MarkdownReader.Samples(name, File.ReadAllText(file))
           select sample,
    ];
}
