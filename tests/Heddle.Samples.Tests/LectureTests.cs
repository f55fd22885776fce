namespace Heddle.Samples.Tests;

public sealed class LectureTests
{
    [Fact]
    public void Every_program_of_the_lecture_has_its_sample_and_the_output_beside_it() =>
        Expect.None(
            from program in Lecture.Programs
            let sample = new SampleFile(program.Sample)
            from file in new[] { sample.Code, sample.Output }
            where !File.Exists(file)
            select $"{program}: {Repository.Relative(file)} is missing");

    [Fact]
    public void Every_sample_is_a_program_of_the_lecture() =>
        Expect.None(
            from sample in SampleFile.All
            where !Lecture.Programs.Any(program => program.Sample == sample.Name)
            select $"{sample.Name}: name its place in {nameof(Lecture)}");

    [Fact]
    public void Every_file_beside_the_samples_belongs_to_one() =>
        Expect.None(
            from file in Directory.EnumerateFiles(SampleFile.Folder)
            where Path.GetExtension(file) is ".out" or ".in" && !File.Exists(Path.ChangeExtension(file, ".cs"))
            select Repository.Relative(file));

    [Fact]
    public void The_programs_of_a_section_are_numbered_without_a_gap() =>
        Expect.None(
            from section in Lecture.Programs.GroupBy(program => program.Section)
            let numbers = section.Select(program => program.Number).ToList()
            where !numbers.SequenceEqual(Enumerable.Range(1, numbers.Count))
            select $"section {section.Key}: {string.Join(", ", numbers)}");

    [Fact]
    public void The_table_of_the_samples_lists_each_of_them_once_at_its_place()
    {
        var rows = File.ReadLines(Path.Combine(SampleFile.Folder, "README.md"))
            .Where(line => line.Contains(".cs)", StringComparison.Ordinal));
        var expected = Lecture.Programs
            .Select(program => $"| {program.Section}.{program.Number} | [{program.Sample}]({program.Sample}.cs) |");

        Assert.Equal(expected, rows.Select(row => row[..(row.IndexOf(".cs)", StringComparison.Ordinal) + 6)]));
    }
}
