namespace Heddle.Samples.Tests;

public sealed class SampleTests
{
    public static TheoryData<string> Names => [.. SampleFile.All.Select(sample => sample.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Each_sample_compiles_without_a_warning_and_prints_what_the_file_beside_it_says(string name)
    {
        var sample = new SampleFile(name);
        if (sample.Peer is { } program)
        {
            Peer.Require(program);
        }

        Verify(sample, await SampleRun.CompiledAsync(sample));
    }

    public static TheoryData<string> NamesOfThoseThatRead =>
        [.. SampleFile.All.Where(sample => File.Exists(sample.Input)).Select(sample => sample.Name)];

    [Theory]
    [MemberData(nameof(NamesOfThoseThatRead))]
    public async Task A_sample_ends_wherever_its_input_ends(string name)
    {
        var sample = new SampleFile(name);
        var program = await SampleRun.CompileAsync(sample, $"{name}-cut");
        var output = Printed.Trim(await File.ReadAllTextAsync(sample.Output));
        var lines = await File.ReadAllLinesAsync(sample.Input);
        for (var count = 0; count < lines.Length; count++)
        {
            var run = await SampleRun.RunAsync(program, string.Concat(lines.Take(count).Select(line => $"{line}\n")));

            Assert.Equal("", run.Errors);
            Assert.Equal(0, run.ExitCode);
            Assert.StartsWith(run.Output, output, StringComparison.Ordinal);
        }
    }

    // One for each kind of directive: the library alone, a package beside a project of the samples' own, a program. One
    // after the other, since each of them builds the library first.
    [Theory(DisableParallelization = true)]
    [InlineData("hello-world")]
    [InlineData("page-links")]
    [InlineData("path-finder")]
    public async Task Some_are_run_by_dotnet_run_as_a_user_would(string name)
    {
        var sample = new SampleFile(name);
        Verify(sample, await SampleRun.ByDotnetRunAsync(sample));
    }

    private static void Verify(SampleFile sample, SampleRun run)
    {
        // A loop says there what would otherwise be silent: a failure that nobody saw, a task left over.
        Assert.Equal("", run.Errors);
        Assert.Equal(Printed.Trim(File.ReadAllText(sample.Output)), run.Output);
        Assert.Equal(0, run.ExitCode);
    }
}
