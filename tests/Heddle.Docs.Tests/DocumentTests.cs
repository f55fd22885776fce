namespace Heddle.Docs.Tests;

public sealed class DocumentTests
{
    public static TheoryData<string> Programs => [.. PlacesOf(Samples().Where(sample => sample.Source is null))];

    public static TheoryData<string> Quotations => [.. PlacesOf(Samples().Where(sample => sample.Source is not null))];

    [Theory]
    [MemberData(nameof(Programs))]
    public void Each_csharp_block_compiles_and_prints_what_the_document_says(string place) =>
        SampleProgram.Verify(At(place));

    // Heddle.Samples.Tests compiles, runs and compares the program itself.
    [Theory]
    [MemberData(nameof(Quotations))]
    public void Each_block_that_names_a_sample_quotes_it_and_its_output_truly(string place) =>
        Quotation.Verify(At(place));

    [Fact]
    public void The_readme_shows_a_program_with_its_output() =>
        Assert.Contains(Samples(), sample => sample.Place.StartsWith("README.md", StringComparison.Ordinal)
            && sample.Output is { Length: > 0 });

    private static Sample At(string place) => Samples().Single(sample => sample.Place == place);

    private static IEnumerable<string> PlacesOf(IEnumerable<Sample> samples) => samples.Select(sample => sample.Place);

    private static IReadOnlyList<Sample> Samples() =>
    [
        .. from file in Documents.All
           let name = Repository.Relative(file)
           from sample in MarkdownReader.Samples(name, File.ReadAllText(file))
           select sample,
    ];
}
