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

    private static async Task<Process> StartAsync(string mode)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Another process's signals cannot be sent there.");
        var path = Path.Combine(AppContext.BaseDirectory, "Heddle.TestPrograms.dll");
        var program = Process.Start(new ProcessStartInfo("dotnet", [path, mode]) { RedirectStandardOutput = true })!;
        Assert.Equal("ready", await program.StandardOutput.ReadLineAsync());
        return program;
    }

    private static void Send(string signal, Process program)
    {
        using var kill = Process.Start("kill", ["-" + signal, $"{program.Id}"]);
        kill.WaitForExit();
    }
}
