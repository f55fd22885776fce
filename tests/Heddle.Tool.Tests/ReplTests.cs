namespace Heddle.Tool.Tests;

/// <summary>What inputs do on the live loop.</summary>
public class ReplTests(SharedTerminal shared) : IClassFixture<SharedTerminal>
{
    [Fact]
    public Task A_value_is_shown_readably_and_a_coroutine_is_awaited_only_when_asked_to() => shared.UseAsync(async terminal =>
    {
        await terminal.EnterAndSeeAsync("new List<int> { 1, 2, 3 }", "List<int>(3) { 1, 2, 3 }");
        await terminal.EnterAndSeeAsync("(\"a\\tb\", 'c', 1.5, null as string)", "(\"a\\tb\", 'c', 1.5, null)");
        await terminal.EnterAndSeeAsync("async Coroutine<string> WeaveAsync() { Console.WriteLine(\"weaving\"); await Coroutine.Yield(); return \"cloth\"; }", ">>>");
        await terminal.EnterAndSeeAsync("WeaveAsync()", "coroutine of string WeaveAsync (not awaited yet)");
        Assert.DoesNotContain("\nweaving", await terminal.ScreenAsync());
        await terminal.EnterAndSeeAsync("await WeaveAsync()", "weaving\n\"cloth\"");
        await terminal.EnterAndSeeAsync("new TaskCompletionSource().Task", "Task (running");
        await terminal.EnterAndSeeAsync("LoopTask.Start(WeaveAsync(), \"weaver\")", "weaver (waits for its turn to run)");
        await terminal.EnterAndSeeAsync("async Task<int> CountAsync() { await Task.Yield(); return 5; }", ">>>");
        await terminal.EnterAndSeeAsync("await CountAsync()", "\n5");
        await terminal.EnterAndSeeAsync("await Coroutine.Delay(TimeSpan.Zero)", ">>> await Coroutine.Delay(TimeSpan.Zero)\n>>>");
    });

    [Fact]
    public Task A_value_that_cannot_be_shown_is_an_error_and_the_session_goes_on() => shared.UseAsync(async terminal =>
    {
        await terminal.EnterAsync("class Mute { public override string ToString() => throw new Exception(\"no words\"); }");
        await terminal.EnterAndSeeAsync("new Mute()", "\nException: no words");
        await terminal.EnterAsync("class Odd { public override string ToString() => throw new OperationCanceledException(\"no more\"); }");
        await terminal.EnterAndSeeAsync("new Odd()", "\nOperationCanceledException: no more");
        await terminal.EnterAndSeeAsync("IEnumerable<int> Naturals() { for (var i = 1; ; i++) { yield return i; } }", ">>>");
        await terminal.EnterAndSeeAsync("Naturals()", "sequence { 1, 2, 3, 4");
    });

    [Fact]
    public Task A_forgotten_await_is_told() => shared.UseAsync(async terminal =>
    {
        await terminal.EnterAsync("async Coroutine SaveAsync() => await Coroutine.Yield();");
        await terminal.EnterAsync("SaveAsync();");
        await terminal.SeeAsync("heddle: The coroutine SaveAsync was never awaited");
    });

    [Fact]
    public Task All_of_an_input_runs_on_the_loops_thread() => shared.UseAsync(async terminal =>
    {
        await terminal.EnterAndSeeAsync("int ThreadId() => Environment.CurrentManagedThreadId;", ">>>");
        await terminal.EnterAndSeeAsync("var loop = ThreadId();", ">>>");
        await terminal.EnterAndSeeAsync(
            "var a = ThreadId(); await Coroutine.Yield(); var b = ThreadId(); await Task.Yield(); var c = ThreadId(); await Task.Run(() => 1); var d = ThreadId();", ">>>");
        await terminal.EnterAndSeeAsync("new[] { a, b, c, d }.All(t => t == loop) && EventLoop.IsRunning", "true");
    });

    [Fact]
    public Task Tasks_go_on_and_print_above_the_prompt_while_it_waits() => shared.UseAsync(async terminal =>
    {
        await terminal.EnterAndSeeAsync("var go = new CoroutineSource<bool>();", ">>>");
        await terminal.EnterAsync(
            "async Coroutine TickAsync() { for (var i = 1; ; i++) { Console.Write($\"tick \"); Console.WriteLine(i); await Coroutine.Delay(TimeSpan.FromMilliseconds(50)); } }");
        await terminal.EnterAsync("LoopTask.Start(TickAsync(), \"ticker\");");
        await terminal.TypeAsync("half an inp");
        await terminal.SeeAsync("tick 3");
        await terminal.SeeAsync("tick 9");
        var screen = await terminal.WaitAsync(s => s.EndsWith(">>> half an inp", StringComparison.Ordinal), "the prompt below all");
        Assert.Equal(1, screen.Split("half an inp").Length - 1);
        await terminal.PressAsync("C-u");
        await terminal.EnterAsync(":cancel ticker");
        await terminal.SeeAsync("cancelled ticker");
    });

    [Fact]
    public async Task Ctrl_C_cancels_the_input_that_runs_and_nothing_else()
    {
        await using var terminal = await TerminalSession.StartAsync();
        await terminal.EnterAsync("var beats = 0; async Coroutine BeatAsync() { while (true) { beats++; await Coroutine.Delay(TimeSpan.FromMilliseconds(5)); } }");
        await terminal.EnterAsync("var heart = LoopTask.Start(BeatAsync(), \"heart\");");
        await terminal.EnterAsync(
            "try { Console.WriteLine(\"waiting\"); await Coroutine.Delay(Timeout.InfiniteTimeSpan); } finally { Console.WriteLine(\"cleaned up\"); }");
        await terminal.SeeAsync("\nwaiting");
        await terminal.PressAsync("C-c");
        await terminal.SeeAsync("\ncleaned up");
        await terminal.SeeAsync("input 3 was cancelled");
        await terminal.EnterAndSeeAsync("var before = beats; await Coroutine.Delay(TimeSpan.FromMilliseconds(100)); (heart.IsCompleted, beats > before)", "(false, true)");
        await terminal.EnterAsync("Console.WriteLine(\"stuck\"); await new TaskCompletionSource().Task;");
        await terminal.SeeAsync("\nstuck");
        await terminal.PressAsync("C-c");
        await terminal.SeeAsync("It goes on by itself");
        await terminal.EnterAndSeeAsync("6 * 7", "\n42\n");
        await terminal.EnterAsync("var late = new TaskCompletionSource();");
        await terminal.EnterAsync("Console.WriteLine(\"again\"); await late.Task; Console.WriteLine(\"went on\");");
        await terminal.SeeAsync("\nagain");
        await terminal.PressAsync("C-c");
        await terminal.SeeAsync("input 8 was cancelled");
        await terminal.EnterAsync("var newer = 11; late.SetResult();");
        await terminal.SeeAsync("\nwent on");
        await terminal.EnterAndSeeAsync("newer * newer", "\n121\n");
    }

    [Fact]
    public Task One_context_holds_for_the_whole_session() => shared.UseAsync(async terminal =>
    {
        await terminal.EnterAndSeeAsync("var user = new AsyncLocal<string>();", ">>>");
        await terminal.EnterAndSeeAsync("user.Value = \"ann\";", ">>>");
        await terminal.EnterAndSeeAsync("user.Value", "\"ann\"");
        await terminal.EnterAndSeeAsync("await Coroutine.Yield(); user.Value += \"-marie\"", "\"ann-marie\"");
        await terminal.EnterAndSeeAsync("user.Value + \"!\"", "\"ann-marie!\"");
        await terminal.EnterAndSeeAsync("user.Value = \"bob\"; throw new Exception(\"after\");", "Exception: after");
        await terminal.EnterAndSeeAsync("(await LoopTask.Start(async () => { await Coroutine.Yield(); return user.Value; })).Length + user.Value", "\"3bob\"");
    });

    [Fact]
    public async Task Errors_are_coloured_and_say_where()
    {
        await using var terminal = await TerminalSession.StartAsync();
        await terminal.EnterAndSeeAsync("await Corotine.Yield();", "input 1(1,7): error CS0103");
        await terminal.SeeAsync("    await Corotine.Yield();\n          ^^^^^^^^");
        await terminal.EnterAsync("async Coroutine FailAsync()");
        await terminal.EnterAsync("{");
        await terminal.EnterAsync("await Coroutine.Yield();");
        await terminal.EnterAsync("throw new InvalidDataException(\"bad header\");");
        await terminal.EnterAndSeeAsync("}", ">>>");
        await terminal.EnterAndSeeAsync("await FailAsync();", "InvalidDataException: bad header");
        await terminal.SeeAsync("at FailAsync() in input 2, line 4: throw new InvalidDataException(\"bad header\");");
        await terminal.SeeAsync("at the input itself in input 3, line 1: await FailAsync();");
        Assert.Contains("\e[1m\e[31mInvalidDataException", await terminal.ScreenAsync(withColors: true));
    }

    [Fact]
    public Task The_task_tree_shows_each_task_once_with_every_frame() => shared.UseAsync(async terminal =>
    {
        await terminal.EnterAsync("async Coroutine SleepAsync() => await Coroutine.Delay(TimeSpan.FromHours(1));");
        await terminal.EnterAsync("async Coroutine FetchAsync() => await SleepAsync();");
        await terminal.EnterAsync("async IAsyncEnumerable<int> PagesAsync() { await SleepAsync(); yield return 1; }");
        await terminal.EnterAsync("async Coroutine ReadAsync() { await foreach (var page in PagesAsync()) { } }");
        await terminal.EnterAsync("async Coroutine CrawlAsync() => await Coroutine.WhenAll(FetchAsync(), ReadAsync());");
        await terminal.EnterAsync("var crawler = LoopTask.Start(CrawlAsync(), \"crawler\");");
        await terminal.EnterAsync("var watcher = LoopTask.Start(async () => await crawler, \"watcher\");");
        await terminal.EnterAsync(":tasks");
        var screen = await terminal.SeeAsync("watcher: a lambda in the input (waits");
        var tree = screen[screen.IndexOf("watcher: a lambda", StringComparison.Ordinal)..].Split('\n');
        Assert.Matches(@"^watcher: a lambda in the input \(waits \d+\.\d s for task 'crawler'\)$", tree[0]);
        Assert.Matches(@"^└── crawler: CrawlAsync \(waits \d+\.\d s for the 2 tasks of group 'WhenAll'\)$", tree[1]);
        Assert.Matches(@"^    ├── task-\d+: FetchAsync › SleepAsync \(waits \d+\.\d s for a delay that ends in \S+ s\)$", tree[2]);
        Assert.Matches(@"^    └── task-\d+: ReadAsync \(waits \d+\.\d s for something foreign \(ValueTask<bool>\)\)$", tree[3]);
        Assert.Matches(@"^        └── PagesAsync › SleepAsync \(waits \d+\.\d s for a delay that ends in \S+ s\)$", tree[4]);
        await terminal.EnterAsync(":cancel crawler");
        await terminal.SeeAsync("cancelled crawler");
        await terminal.SeeAsync("Task 'watcher' failed and nobody awaited it");
        await terminal.EnterAndSeeAsync(":tasks", "no tasks");
    });

    [Fact]
    public Task What_an_input_waits_for_can_be_seen_while_it_waits() => shared.UseAsync(async terminal =>
    {
        await terminal.EnterAsync("async Coroutine SpinAsync() => await Coroutine.Delay(TimeSpan.FromHours(1));");
        await terminal.EnterAsync("Console.WriteLine(\"go\"); await SpinAsync();");
        await terminal.SeeAsync("\ngo");
        await terminal.PressAsync("C-t");
        await terminal.SeeAsync("└── the input › SpinAsync (waits");
        await terminal.PressAsync("C-c");
        await terminal.SeeAsync(" was cancelled");
    });

    [Fact]
    public Task A_file_is_loaded_as_one_input_and_help_is_there() => shared.UseAsync(async terminal =>
    {
        await File.WriteAllTextAsync(Path.Combine(terminal.Home, "loom.csx"), "int Threads() => 800;\nConsole.WriteLine(\"loaded\");\n");
        await terminal.EnterAndSeeAsync(":load loom.csx", "\nloaded");
        await terminal.EnterAndSeeAsync("Threads()", "\n800\n");
        await terminal.EnterAndSeeAsync(":help", ":cancel NAME");
        await terminal.EnterAndSeeAsync(":load loom.cs", "loom.cs cannot be read");
    });

    [Fact]
    public Task A_failure_that_nobody_awaits_is_told() => shared.UseAsync(async terminal =>
    {
        await terminal.EnterAsync("LoopTask.Start(async () => { await Coroutine.Yield(); throw new TimeoutException(\"no answer\"); }, \"caller\");");
        await terminal.SeeAsync("heddle: Task 'caller' failed and nobody awaited it: no answer");
    });

    [Fact]
    public async Task An_input_that_holds_the_loop_can_be_left_by_force()
    {
        await using var terminal = await TerminalSession.StartAsync();
        await terminal.EnterAsync("Console.WriteLine(\"off\"); while (true) { }");
        await terminal.SeeAsync("\noff");
        await terminal.PressAsync("C-c");
        await terminal.PressAsync("C-c");
        await terminal.SeeAsync("holds the loop");
        await terminal.PressAsync("C-c");
        await terminal.SeeAsync("left with 130");
    }
}
