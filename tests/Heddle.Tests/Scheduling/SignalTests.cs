using System.Diagnostics;

namespace Heddle.Tests.Scheduling;

/// <summary>A real program, real signals.</summary>
public class SignalTests
{
    [Theory]
    [InlineData("INT", "SIGINT: interrupted by Ctrl+C", 130)]
    [InlineData("TERM", "SIGTERM: terminated by SIGTERM", 143)]
    public async Task A_signal_cancels_the_main_coroutine_which_cleans_up(string signal, string lastLine, int exitCode)
    {
        using var program = await StartAsync("wait");
        Send(signal, program);
        Assert.Equal("cleaning up", await program.StandardOutput.ReadLineAsync());
        Assert.Equal(lastLine, await program.StandardOutput.ReadLineAsync());
        await program.WaitForExitAsync();
        Assert.Equal(exitCode, program.ExitCode);
    }

    [Theory]
    [InlineData("INT", "SIGINT")]
    [InlineData("TERM", "SIGTERM")]
    public async Task Clean_up_can_ask_which_signal_it_was(string signal, string name)
    {
        using var program = await StartAsync("why");
        Send(signal, program);
        Assert.Equal($"told to end by {name}", await program.StandardOutput.ReadLineAsync());
        await program.WaitForExitAsync();
    }

    [Fact]
    public async Task A_second_one_kills_a_program_that_does_not_end()
    {
        using var program = await StartAsync("stubborn");
        Send("INT", program);
        Assert.Equal("cleaning up", await program.StandardOutput.ReadLineAsync());
        Send("INT", program);
        await program.WaitForExitAsync();
        Assert.Equal(130, program.ExitCode);
        Assert.Equal("", await program.StandardOutput.ReadToEndAsync());
    }

    [Fact]
    public async Task Other_signals_can_be_listened_to()
    {
        using var program = await StartAsync("hangup");
        Send("HUP", program);
        Assert.Equal("got SIGHUP on the loop: True", await program.StandardOutput.ReadLineAsync());
        Send("TERM", program);
        await program.WaitForExitAsync();
        Assert.Equal(143, program.ExitCode);
    }

    [Theory]
    [InlineData("INT", 130)]
    [InlineData("TERM", 143)]
    public async Task A_program_that_catches_nothing_ends_in_silence_with_the_signals_exit_code(string signal, int exitCode)
    {
        using var program = await StartAsync("uncaught", "idle");
        Send(signal, program);
        var (output, errors) = (program.StandardOutput.ReadToEndAsync(), program.StandardError.ReadToEndAsync());
        Assert.Equal("", await output);
        Assert.Equal("", await errors);
        await program.WaitForExitAsync();
        Assert.Equal(exitCode, program.ExitCode);
    }

    [Fact]
    public async Task A_program_that_was_told_to_end_and_does_not_names_who_is_waited_for_and_on_what()
    {
        using var program = await StartAsync("uncaught", "foreign");
        Send("INT", program);
        var errors = await program.StandardError.ReadToEndAsync();
        await program.WaitForExitAsync();
        Assert.Equal(130, program.ExitCode);
        Assert.Contains("was told to end (interrupted by Ctrl+C)", errors, StringComparison.Ordinal);
        Assert.Contains("stubborn: a lambda in Main (waits for something foreign (Task", errors, StringComparison.Ordinal);
        Assert.Contains("OrCanceled()", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("obedient", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_whose_thread_does_not_come_back_is_told_which_task_holds_it()
    {
        using var program = await StartAsync("uncaught", "held");
        Send("INT", program);
        var errors = await program.StandardError.ReadToEndAsync();
        await program.WaitForExitAsync();
        Assert.Equal(130, program.ExitCode);
        Assert.Contains("has not come back for seconds from a step of task 'main'", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_is_told_again_when_others_keep_the_program()
    {
        using var program = await StartAsync("uncaught", "two");
        Send("TERM", program);
        var errors = await program.StandardError.ReadToEndAsync();
        await program.WaitForExitAsync();
        Assert.Equal(143, program.ExitCode);
        var reports = errors.Split("was told to end (terminated by SIGTERM)")[1..];
        Assert.Equal(2, reports.Length);
        Assert.Contains("first: ", reports[0], StringComparison.Ordinal);
        Assert.Contains("second: ", reports[0], StringComparison.Ordinal);
        Assert.DoesNotContain("first: ", reports[1], StringComparison.Ordinal);
        Assert.Contains("second: ", reports[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_handler_ends_with_its_loop_and_a_later_signal_has_the_systems_way()
    {
        using var program = await StartAsync("handled");
        Send("HUP", program);
        Assert.Equal("handled", await program.StandardOutput.ReadLineAsync());
        Assert.Equal("the loop has ended", await program.StandardOutput.ReadLineAsync());
        Send("HUP", program);
        Assert.Equal("", await program.StandardOutput.ReadToEndAsync());
        await program.WaitForExitAsync();
        Assert.Equal(129, program.ExitCode);
    }

    private static async Task<Process> StartAsync(params string[] mode)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Another process's signals cannot be sent there.");
        var path = Path.Combine(AppContext.BaseDirectory, "Heddle.TestPrograms.dll");
        var program = Process.Start(new ProcessStartInfo("dotnet", [path, .. mode])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = mode is ["uncaught", _],
        })!;
        Assert.Equal("ready", await program.StandardOutput.ReadLineAsync());
        return program;
    }

    private static void Send(string signal, Process program)
    {
        using var kill = Process.Start("kill", ["-" + signal, $"{program.Id}"]);
        kill.WaitForExit();
    }
}
