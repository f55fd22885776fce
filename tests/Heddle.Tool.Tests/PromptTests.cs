namespace Heddle.Tool.Tests;

/// <summary>The prompt itself: typing, history, completion, leaving.</summary>
public class PromptTests(SharedTerminal shared) : IClassFixture<SharedTerminal>
{
    [Fact]
    public Task An_input_that_is_not_whole_goes_on_on_the_next_line() => shared.UseAsync(async terminal =>
    {
        await terminal.EnterAsync("foreach (var word in new[] { \"warp\", \"weft\" })");
        await terminal.EnterAsync("{");
        await terminal.EnterAsync("Console.WriteLine(word.ToUpper());");
        await terminal.SeeAsync("...     Console.WriteLine(word.ToUpper());");
        await terminal.EnterAndSeeAsync("}", "WARP\nWEFT");
    });

    [Fact]
    public async Task History_is_kept_between_sessions_inputs_of_several_lines_too()
    {
        await using var first = await TerminalSession.StartAsync();
        await first.EnterAsync("string Twice(string s)");
        await first.EnterAndSeeAsync("    => s + s;", "...     => s + s;");
        await first.EnterAndSeeAsync("Twice(\"\\\\n\").Length", "\n4\n");
        await first.PressAsync("C-d");
        await first.SeeAsync("left with 0");

        await using var second = await TerminalSession.StartAsync(first.Home);
        await second.PressAsync("Up");
        await second.SeeAsync(">>> Twice(\"\\\\n\").Length");
        await second.PressAsync("Up");
        await second.SeeAsync("...     => s + s;");
        await second.PressAsync("Down", "Down");
        await second.PressAsync("C-r");
        await second.TypeAsync("twice(s");
        await second.SeeAsync("(search 'twice(s') string Twice(string s)");
        await second.PressAsync("Enter");
        await second.EnterAndSeeAsync("Twice(\"ab\")", "\"abab\"");
    }

    [Fact]
    public Task Tab_completes_what_was_declared_members_and_commands() => shared.UseAsync(async terminal =>
    {
        await terminal.EnterAndSeeAsync("var heddleCount = 42;", ">>>");
        await terminal.TypeAsync("heddleC");
        await terminal.PressAsync("Tab");
        await terminal.EnterAndSeeAsync("+1", "\n43\n");
        await terminal.TypeAsync("await Coroutine.Del");
        await terminal.PressAsync("Tab");
        await terminal.SeeAsync(">>> await Coroutine.Delay");
        await terminal.PressAsync("C-c");
        await terminal.TypeAsync("Coroutine.When");
        await terminal.PressAsync("Tab", "Tab");
        await terminal.SeeAsync("WhenAllSettled");
        await terminal.SeeAsync("WhenEach");
        await terminal.PressAsync("C-c");
        await terminal.TypeAsync(":ta");
        await terminal.PressAsync("Tab");
        await terminal.SeeAsync(">>> :tasks");
    });

    [Fact]
    public Task The_line_can_be_edited_and_is_drawn_where_it_wraps() => shared.UseAsync(async terminal =>
    {
        await terminal.TypeAsync("var текст = \"ткань\"; текст.Length + 1");
        await terminal.PressAsync("BSpace", "Left", "Left", "Left", "C-a", "C-e");
        await terminal.EnterAndSeeAsync("2", "\n7\n");
        var wide = string.Concat(Enumerable.Repeat("0123456789", 15));
        await terminal.TypeAsync($"\"{wide}\".Length");
        await terminal.PressAsync("C-a", "C-k", "C-y");
        await terminal.PressAsync("Enter");
        await terminal.SeeAsync("\n150\n");
        var screen = await terminal.ScreenAsync();
        Assert.Equal(1, screen.Split("\"0123").Length - 1);
    });

    [Fact]
    public async Task Ctrl_C_gives_up_what_is_typed_and_a_second_one_at_an_empty_prompt_leaves()
    {
        await using var terminal = await TerminalSession.StartAsync();
        await terminal.TypeAsync("Console.WriteLine(\"never\"");
        await terminal.PressAsync("C-c");
        await terminal.SeeAsync("\"never\"^C");
        await terminal.EnterAndSeeAsync("6 * 7", "\n42\n");
        await terminal.PressAsync("C-c");
        await terminal.SeeAsync("(Ctrl+C again, or Ctrl+D, leaves)");
        await terminal.PressAsync("C-c");
        await terminal.SeeAsync("left with 0");
    }

    [Fact]
    public async Task A_terminal_that_cannot_be_drawn_on_has_a_plain_prompt()
    {
        await using var terminal = await TerminalSession.StartAsync(term: "dumb");
        await terminal.EnterAsync("foreach (var i in new[] { 4, 5 })");
        await terminal.SeeAsync("\n...");
        await terminal.EnterAsync("    Console.WriteLine(i * i);");
        await terminal.SeeAsync("16\n25");
        await terminal.EnterAsync("Console.WriteLine(\"waiting\"); await Coroutine.Delay(Timeout.InfiniteTimeSpan);");
        await terminal.SeeAsync("\nwaiting");
        await terminal.PressAsync("C-c");
        await terminal.SeeAsync("input 2 was cancelled");
        await terminal.PressAsync("C-d");
        await terminal.SeeAsync("left with 0");
    }
}
