using System.Diagnostics;

namespace Heddle.Tool.Tests;

/// <summary>Ctrl+C and signals, when the loop does not answer.</summary>
public class InterruptionTests
{
    [Fact]
    public async Task One_who_leaves_is_told_who_is_waited_for_and_need_not_wait()
    {
        await using var terminal = await TerminalSession.StartAsync();
        await terminal.EnterAndSeeAsync("LoopTask.Start(async () => await new TaskCompletionSource().Task, \"stubborn\");", ">>>");
        await terminal.PressAsync("C-d");
        await terminal.SeeAsync("has not ended yet");
        await terminal.SeeAsync("stubborn: ");
        await terminal.PressAsync("C-c");
        await terminal.SeeAsync("left with 130");
    }

    [Fact]
    public async Task SIGTERM_ends_the_session_though_an_input_holds_the_loop()
    {
        await using var terminal = await TerminalSession.StartAsync();
        await terminal.EnterAsync("Console.WriteLine($\"process {Environment.ProcessId}.\"); while (true) { }");
        var screen = await terminal.WaitAsync(s => s.Contains("\nprocess ", StringComparison.Ordinal), "the process's number");
        var id = screen[(screen.IndexOf("\nprocess ", StringComparison.Ordinal) + 9)..].Split('.')[0];
        using (var kill = Process.Start("kill", ["-TERM", id]))
        {
            await kill.WaitForExitAsync();
        }

        await terminal.SeeAsync("left with 143");
    }

    [Fact]
    public async Task The_plain_prompt_gives_up_what_is_typed_and_can_be_left_by_force()
    {
        await using var terminal = await TerminalSession.StartAsync(term: "dumb");
        await terminal.EnterAsync("foreach (var i in new[] { 4, 5 })");
        await terminal.SeeAsync("\n...");
        await terminal.PressAsync("C-c");
        await terminal.WaitAsync(screen => screen.EndsWith("\n>>>", StringComparison.Ordinal), "a new prompt");
        await terminal.EnterAsync("6 * 7");
        await terminal.SeeAsync("\n42\n");
        await terminal.EnterAsync("Console.WriteLine(\"off\"); while (true) { }");
        await terminal.SeeAsync("\noff");
        var screen = "";
        for (var pressed = 0; pressed < 30 && !screen.Contains("holds the loop", StringComparison.Ordinal); pressed++)
        {
            await terminal.PressAsync("C-c");

            // Signals of a kind that come together are one, and on a busy machine two that come after each other may.
            await Task.Delay(1000);
            screen = await terminal.ScreenAsync();
        }

        Assert.Contains("holds the loop", screen);

        if (!screen.Contains("left with", StringComparison.Ordinal))
        {
            await terminal.PressAsync("C-c");
        }

        await terminal.SeeAsync("left with 130");
    }
}
