namespace Heddle.Tool.Tests;

public class CommandLineTests
{
    [Fact]
    public async Task It_explains_itself()
    {
        var run = (await Tool.RunAsync(["--help"])).Expect(exitCode: 0);

        Assert.Contains("repl", run.Output);
        Assert.Empty(run.Error);
    }

    [Fact]
    public async Task The_repl_explains_itself_and_its_exit_codes()
    {
        var run = (await Tool.RunAsync(["repl", "--help"])).Expect(exitCode: 0);

        Assert.Contains("top-level 'await'", run.Output);
        Assert.Contains("Exit codes: 0 success, 1 the script failed", run.Output);
    }

    [Theory]
    [InlineData("rpel")]
    [InlineData("repl", "--prety")]
    public async Task Wrong_usage_is_told_and_ends_with_2(params string[] arguments)
    {
        var run = (await Tool.RunAsync(arguments)).Expect(exitCode: 2);

        Assert.Contains(arguments[^1], run.Error);
        Assert.Contains("heddle --help", run.Error);
        Assert.Empty(run.Output);
    }
}
