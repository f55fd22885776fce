namespace Heddle.Tool.Tests;

/// <summary>What a terminal sends and shows that is not the everyday.</summary>
public class TerminalTests(SharedTerminal shared) : IClassFixture<SharedTerminal>
{
    [Fact]
    public async Task Typing_goes_on_while_tasks_print_without_a_pause_and_the_terminal_changes_its_size()
    {
        await using var terminal = await TerminalSession.StartAsync();
        await terminal.EnterAsync(
            "var noise = LoopTask.Start(async () => { while (true) { for (var i = 0; i < 20; i++) Console.WriteLine(\"noise\"); await Coroutine.Delay(TimeSpan.FromMilliseconds(1)); } }, \"noise\");");
        await terminal.SeeAsync("noise\nnoise");
        foreach (var part in "var sum = 1 + 2 + 3 + 4 + 5 + 6 + 7 + 8 + 9 + 10 + ".Split(' '))
        {
            await terminal.TypeAsync(part + " ");
        }

        await terminal.ResizeAsync(60);
        await terminal.EnterAsync("0;");
        await terminal.EnterAsync(":cancel noise");
        await terminal.SeeAsync("cancelled noise");
        await terminal.EnterAndSeeAsync("sum", "\n55\n");

        // Drawn for the new width, it is there once however often it is drawn.
        await terminal.TypeAsync($"\"begin {new string('x', 90)}\".Length");
        await terminal.PressAsync("C-a", "Right", "Right", "C-e");
        await terminal.EnterAndSeeAsync(" + 1", "\n97\n");
        Assert.Equal(2, (await terminal.ScreenAsync()).Split("begin").Length);
    }

    [Fact]
    public Task A_character_is_never_cut_in_half_and_is_as_wide_as_the_terminal_has_it() => shared.UseAsync(async terminal =>
    {
        await terminal.TypeAsync("\"😀😀\".Length +");
        await terminal.PressAsync("M-Enter");
        await terminal.TypeAsync("40");
        await terminal.PressAsync("Up", "Down", "C-e", "Escape");
        await terminal.TypeAsync("😀");
        await terminal.EnterAndSeeAsync("", "\n44\n");
        await File.WriteAllTextAsync(Path.Combine(terminal.Home, "😀.csx"), "");
        await File.WriteAllTextAsync(Path.Combine(terminal.Home, "😁.csx"), "");
        await terminal.TypeAsync(":load ");
        await terminal.PressAsync("Tab", "Tab");
        await terminal.SeeAsync("😀.csx");
        await terminal.PressAsync("C-c");
        await terminal.TypeAsync("\"✅⭐⚡\"");
        await terminal.SeeAsync("⚡\"");
        Assert.Equal(4 + 8, await terminal.CursorColumnAsync());
        await terminal.PressAsync("C-c", "C-r");
        await terminal.TypeAsync(new string('s', 150));
        await terminal.SendBytesAsync("1b 5b 32 30 30 7e 70 07 1b 5b 33 31 6d 71 1b 5b 32 30 31 7e");
        await terminal.TypeAsync("s");
        var screen = await terminal.SeeAsync("(search 'ssss");
        Assert.Equal(2, screen.Split("(search").Length);
        await terminal.PressAsync("C-c");
        await terminal.EnterAndSeeAsync("6 * 7", "\n42\n");
    });

    [Fact]
    public Task A_key_after_Escape_or_after_a_sequence_that_has_no_end_is_what_it_is() => shared.UseAsync(async terminal =>
    {
        await terminal.EnterAndSeeAsync("40 + 1", "\n41\n");
        await terminal.PressAsync("Escape", "Up");
        await terminal.EnterAndSeeAsync(" + 2", "\n43\n");
        foreach (var (typed, start) in new[] { ("first", "1b"), ("second", "1b 5b"), ("third", "1b 4f"), ("fourth", "1b 5b 32 30 30 7e 61") })
        {
            await terminal.TypeAsync(typed);
            await terminal.SendBytesAsync(start);
            await terminal.PressAsync("C-c");
            await terminal.WaitAsync(screen => screen.Contains($">>> {typed}", StringComparison.Ordinal) && screen.EndsWith("^C\n>>>", StringComparison.Ordinal), $"{typed} given up");
        }
    });

    [Fact]
    public Task A_line_that_is_written_over_takes_none_of_those_above() => shared.UseAsync(async terminal =>
    {
        await terminal.EnterAsync(
            "LoopTask.Start(async () => { Console.WriteLine(\"above\"); for (var i = 0; i <= 40; i++) { Console.Write($\"\\r{new string('#', i)} {i} of 40\"); await Coroutine.Yield(); } Console.WriteLine(\" done\"); });");
        var screen = await terminal.SeeAsync(" 40 of 40 done");

        Assert.Contains($"\nabove\n{new string('#', 40)} 40 of 40 done\n>>>", screen);
        await terminal.EnterAsync("for (var i = 1; i <= 3; i++) Console.Write($\"{i}%\\r\"); LoopTask.Start(async () => { await Coroutine.Yield(); Console.Write(\"4%\"); });");
        await terminal.SeeAsync("\n4%\n>>>");
    });

    [Fact]
    public async Task The_terminal_is_as_before_when_the_session_has_ended_whatever_an_input_did_to_it()
    {
        await using var terminal = await TerminalSession.StartAsync();
        await terminal.EnterAndSeeAsync("using (var p = Process.Start(\"true\")) { p.WaitForExit(); }", ">>>");
        await terminal.EnterAsync(":quit");
        await terminal.SeeAsync("left with 0");

        // What runs now is cat, in a terminal that shows what is typed and gives it by the line.
        await terminal.EnterAsync("said once");
        await terminal.WaitAsync(screen => screen.Split("said once").Length == 3, "the line typed, and the line of cat");
    }
}
