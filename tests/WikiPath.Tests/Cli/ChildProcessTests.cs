using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using WikiPath.Cli;

namespace WikiPath.Tests.Cli;

/// <summary>The program as users have it: built, in a process of its own.</summary>
public sealed class ChildProcessTests
{
    [Fact]
    public async Task The_built_program_prints_the_path_as_plain_text()
    {
        using var program = Start("Python", "Карл Маркс", "--wiki", "sample");

        Assert.Equal("Python -> Apple -> Антиутопия -> Карл Маркс\nPython -> Monty Python -> Лондон -> Карл Маркс\n", await program.StandardOutput.ReadToEndAsync());
        Assert.Equal("", await program.StandardError.ReadToEndAsync());
        await program.WaitForExitAsync();
        Assert.Equal(ExitCode.Found, program.ExitCode);
    }

    // In this process there may be an ICU, which the program does without.
    [Fact]
    public async Task The_built_program_finds_a_title_whose_accents_stand_apart()
    {
        using var program = Start("Задача о кратчаи\u0306шем пути", "Ке\u0308нигсберг", "--wiki", "sample");

        Assert.Equal("Задача о кратчайшем пути -> Граф (математика) -> Кёнигсберг\n", await program.StandardOutput.ReadToEndAsync());
        Assert.Equal("", await program.StandardError.ReadToEndAsync());
    }

    [Theory]
    [InlineData("me@example.org\nX-Other: header", ExitCode.WrongInput)]
    [InlineData("почта@пример.рф", ExitCode.Found)]
    public async Task A_contact_is_sent_or_refused_in_a_line(string contact, int exitCode)
    {
        using var program = Start(
            start => start.Environment["WIKIPATH_CONTACT"] = contact, "Python", "Apple", "--wiki", "sample");

        var messages = await program.StandardError.ReadToEndAsync();
        await program.WaitForExitAsync();
        Assert.Equal(exitCode, program.ExitCode);
        Assert.Equal(exitCode == ExitCode.WrongInput ? 1 : 0, messages.Count('\n'));
    }

    [Fact]
    public async Task The_version_is_a_number_and_no_more()
    {
        using var program = Start("--version");

        Assert.Matches(@"^\d+\.\d+\.\d+\n$", await program.StandardOutput.ReadToEndAsync());
    }

    [Fact]
    public async Task Ctrl_C_ends_it_with_130_and_a_word_on_how_far_it_came()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Another process's Ctrl+C cannot be sent there.");
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        using var program =
            Start("A", "B", "--no-cache", "--wiki", $"http://127.0.0.1:{((IPEndPoint)silent.LocalEndpoint).Port}/api.php");
        using var connection = await silent.AcceptSocketAsync();    // it waits for an answer that never comes

        using var kill = Process.Start("kill", ["-INT", $"{program.Id}"]);

        Assert.Contains(
            "interrupted after 1 request", await program.StandardError.ReadToEndAsync(), StringComparison.Ordinal);
        await program.WaitForExitAsync();
        Assert.Equal(ExitCode.Interrupted, program.ExitCode);
    }

    [Theory]
    [InlineData("Python Apple --wiki sample > /dev/full", ExitCode.NotWritten)]
    [InlineData("--help > /dev/full", ExitCode.NotWritten)]
    [InlineData("Python Apple --wiki sample >&-", ExitCode.NotWritten)]
    [InlineData("Python Pyton --wiki sample 2>&-", ExitCode.WrongInput)]
    public async Task Output_that_cannot_be_written_is_told_in_a_line(string line, int exitCode)
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "Only Linux has a device that is always full.");
        using var program = Process.Start(
            new ProcessStartInfo("sh", ["-c", $"dotnet '{typeof(CliProgram).Assembly.Location}' {line}"])
            {
                RedirectStandardError = true,
            })!;

        var messages = await program.StandardError.ReadToEndAsync();
        await program.WaitForExitAsync();
        Assert.Equal(exitCode, program.ExitCode);
        Assert.Equal(
            exitCode == ExitCode.NotWritten,
            messages.StartsWith("wikipath: the output could not be written: ", StringComparison.Ordinal));
        Assert.InRange(messages.Count('\n'), 0, 1);
    }

    static Process Start(params string[] args) => Start(_ => { }, args);

    static Process Start(Action<ProcessStartInfo> prepare, params string[] args)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(CliProgram).Assembly.Location, .. args])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        prepare(start);
        return Process.Start(start)!;
    }
}
