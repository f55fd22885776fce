using System.Diagnostics;

namespace Heddle.Orleans.Tests;

/// <summary>heddle-silo as its user sees it, as far as it goes without a cluster.</summary>
public sealed class SiloProgramTests
{
    [Fact]
    public async Task Help_names_each_option_and_the_exit_codes()
    {
        var (exitCode, output, _) = await RunAsync("--help");
        Assert.Equal(0, exitCode);
        foreach (var option in new[]
        {
            "--redis", "--assembly", "--cluster", "--address", "--port", "--gateway-port", "--workers", "--grace", "--caller-timeout", "--verbose",
        })
        {
            Assert.Contains(option, output);
        }

        Assert.Contains("Exit codes: 0 it has left, 2 wrong input, 3 it could not join, 4 the output could not be written.", output);
    }

    [Theory]
    [InlineData("--redis", "")]
    [InlineData("--assembly", "--redis 127.0.0.1:9")]
    [InlineData("there is no file 'missing.dll'", "--redis 127.0.0.1:9 --assembly missing.dll")]
    [InlineData("--workers takes a number from 1 to 10000, not '0'", "--redis 127.0.0.1:9 --assembly heddle-silo.dll --workers 0")]
    [InlineData("--port takes a number from 0 to 65535, not '70000'", "--redis 127.0.0.1:9 --assembly heddle-silo.dll --port 70000")]
    [InlineData("--address takes an IP address of this machine", "--redis 127.0.0.1:9 --assembly heddle-silo.dll --address 0.0.0.0")]
    [InlineData("cannot load --assembly", "--redis 127.0.0.1:9 --assembly heddle-silo.runtimeconfig.json")]
    public async Task Wrong_input_is_named_with_exit_code_2(string complaint, string arguments)
    {
        var (exitCode, _, errors) = await RunAsync(arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(2, exitCode);
        Assert.Contains(complaint, errors);
        Assert.Contains("heddle-silo: ", errors);
    }

    [Fact]
    public async Task The_password_of_a_server_that_is_not_there_is_not_printed()
    {
        var (exitCode, output, errors) = await RunAsync(
            "--redis", "127.0.0.1:9,password=s3cret,connectTimeout=500,connectRetry=1", "--assembly", "heddle-silo.dll", "--verbose");
        Assert.Equal(3, exitCode);
        Assert.Contains("127.0.0.1:9,password=…,", errors);
        Assert.DoesNotContain("s3cret", output + errors);
    }

    [Theory]
    [InlineData("redis://:s3cret@127.0.0.1:9,connectTimeout=500,connectRetry=1", 3)]
    [InlineData("redis://me:p@s3cret@127.0.0.1:9,password=s3cret,connectTimeout=500,connectRetry=1", 3)]
    public async Task A_password_in_the_address_of_a_server_is_not_printed(string redis, int exitCode)
    {
        var run = await RunAsync("--redis", redis, "--assembly", "heddle-silo.dll", "--verbose");
        Assert.Equal(exitCode, run.ExitCode);
        Assert.Contains("redis://…@127.0.0.1:9,", run.Errors);
        Assert.DoesNotContain("s3cret", run.Output + run.Errors);
    }

    [Theory]
    [InlineData("--rdis", "redis://:s3cret@127.0.0.1:9")]
    [InlineData("--rdis", "127.0.0.1:9,password=s3cret")]
    public async Task A_password_after_an_option_that_does_not_exist_is_not_printed(params string[] arguments)
    {
        var run = await RunAsync([.. arguments, "--assembly", "heddle-silo.dll"]);
        Assert.Equal(2, run.ExitCode);
        Assert.DoesNotContain("s3cret", run.Output + run.Errors);
    }

    [Theory]
    [InlineData("--help >&-", 4)]
    [InlineData("--version > /dev/full", 4)]
    [InlineData("--nonsense 2>&-", 2)]
    [InlineData("--redis 127.0.0.1:9 --assembly heddle-silo.runtimeconfig.json 2>&-", 2)]
    public async Task Output_that_cannot_be_written_is_no_reason_for_a_stack_trace(string line, int exitCode)
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "Only Linux has a device that is always full.");
        var run = await StartAsync("sh", "-c", $"exec dotnet heddle-silo.dll {line}");

        Assert.Equal(exitCode, run.ExitCode);
        Assert.Equal(exitCode == 4, run.Errors.StartsWith("heddle-silo: the output could not be written: ", StringComparison.Ordinal));
        Assert.InRange(run.Errors.Count(letter => letter == '\n'), 0, 1);
    }

    private static Task<(int ExitCode, string Output, string Errors)> RunAsync(params string[] arguments) =>
        StartAsync("dotnet", ["heddle-silo.dll", .. arguments]);

    private static async Task<(int ExitCode, string Output, string Errors)> StartAsync(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = AppContext.BaseDirectory,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, output, await errors);
    }
}
