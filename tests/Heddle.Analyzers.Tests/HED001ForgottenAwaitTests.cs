namespace Heddle.Analyzers.Tests;

public sealed class HED001ForgottenAwaitTests : RuleTest<HED001ForgottenAwaitAnalyzer, HED001ForgottenAwaitFix>
{
    [Theory]
    [InlineData("[|WorkAsync()|];")]
    [InlineData("[|NameAsync()|];")]
    [InlineData("[|Coroutine.Yield()|];")]
    [InlineData("_ = [|NameAsync()|];")]
    [InlineData("this?[|.WorkAsync()|];")]
    [InlineData("Action later = () => [|WorkAsync()|]; later();")]
    [InlineData("for (var i = 0; i < 3; [|WorkAsync()|]) { i++; }")]
    [InlineData("[|NameAsync().WithTimeout(TimeSpan.FromSeconds(1))|];")]
    [InlineData("[|Coroutine.WhenAll(WorkAsync(), NameAsync())|];")]
    [InlineData("[|await Task.Run(() => WorkAsync(), token)|];")]
    public Task A_coroutine_that_is_dropped_is_reported(string statements) => ReportsInCoroutineAsync(statements);

    [Theory]
    [InlineData("var name = [|NameAsync()|];")]
    [InlineData("Coroutine<string> name = [|NameAsync()|];")]
    [InlineData("var work = [|WorkAsync()|]; Console.WriteLine(work.GetType());")]
    [InlineData("var name = [|NameAsync()|]; Console.WriteLine($\"Hello, {name}\");")]
    [InlineData("var name = [|NameAsync()|]; Console.WriteLine(\"Hello, \" + name);")]
    [InlineData("var name = [|NameAsync()|]; Console.WriteLine(name);")]
    [InlineData("var work = [|WorkAsync()|]; _ = work;")]
    [InlineData("Coroutine work; work = [|WorkAsync()|];")]
    [InlineData("Coroutine work = token.CanBeCanceled ? [|WorkAsync()|] : [|NameAsync()|];")]
    public Task A_coroutine_in_a_local_that_nobody_awaits_is_reported(string statements) => ReportsInCoroutineAsync(statements);

    [Theory]
    [InlineData("Console.WriteLine($\"Hello, {[|NameAsync()|]}\");")]
    [InlineData("Console.WriteLine([|NameAsync()|]);")]
    [InlineData("Console.WriteLine([|NameAsync()|].ToString());")]
    public Task A_coroutine_that_is_only_looked_at_is_reported(string statements) => ReportsInCoroutineAsync(statements);

    [Fact]
    public Task A_coroutine_that_is_dropped_outside_of_a_coroutine_is_reported() => ReportsAsync("""
        class Program
        {
            static async Coroutine WorkAsync() => await Coroutine.Yield();
            static void Run() => [|WorkAsync()|];
            static async Task RunForeignAsync() { [|WorkAsync()|]; await Task.Yield(); }
        }
        """);

    [Theory]
    [InlineData("await WorkAsync();")]
    [InlineData("var name = await NameAsync();")]
    [InlineData("LoopTask.Start(WorkAsync());")]
    [InlineData("await TaskGroup.RunAsync(async group => { group.Start(NameAsync()); await Coroutine.Yield(); });")]
    [InlineData("await Coroutine.WhenAll(WorkAsync(), NameAsync());")]
    [InlineData("await NameAsync().WithTimeout(TimeSpan.FromSeconds(1));")]
    [InlineData("_ = NameAsync().AsTask();")]
    [InlineData("_ = Coroutine.Completed;")]
    [InlineData("Func<Coroutine> work = () => WorkAsync(); await work();")]
    [InlineData("var awaiter = NameAsync().GetAwaiter();")]
    [InlineData("await this.WorkAsync();")]
    public Task A_coroutine_that_is_awaited_started_or_handed_on_is_not_reported(string statements) =>
        ReportsInCoroutineAsync(statements);

    [Theory]
    [InlineData("var work = WorkAsync(); await work;")]
    [InlineData("var work = WorkAsync(); LoopTask.Start(work);")]
    [InlineData("var name = NameAsync(); Func<Coroutine> later = async () => await name; await later();")]
    [InlineData("Coroutine work; work = WorkAsync(); if (token.CanBeCanceled) await work;")]
    [InlineData("var all = new List<Coroutine>(); all.Add(WorkAsync()); await Coroutine.WhenAll(all);")]
    [InlineData("Coroutine[] all = [WorkAsync(), NameAsync()]; await Coroutine.Race(all);")]
    [InlineData("var first = WorkAsync(); var second = first; await second;")]
    [InlineData("var (a, b) = (WorkAsync(), NameAsync()); await a; await b;")]
    [InlineData("Log(NameAsync());")]
    [InlineData("await (token.CanBeCanceled ? WorkAsync() : NameAsync());")]
    public Task A_coroutine_in_a_local_that_goes_on_is_not_reported(string statements) => ReportsInCoroutineAsync(statements);

    [Fact]
    public Task A_coroutine_that_is_returned_or_kept_in_a_field_is_not_reported() => ReportsAsync("""
        class Program
        {
            Coroutine _work;
            static async Coroutine WorkAsync() => await Coroutine.Yield();
            static Coroutine Again() => WorkAsync();
            static Coroutine Once() { var work = WorkAsync(); return work; }
            static IEnumerable<Coroutine> Many() { yield return WorkAsync(); }
            void Keep() => _work = WorkAsync();
        }
        """);

    [Theory]
    [InlineData("[|WorkAsync()|];", "await WorkAsync();")]
    [InlineData("_ = [|NameAsync()|];", "await NameAsync();")]
    [InlineData("[|Coroutine.Yield()|];", "await Coroutine.Yield();")]
    [InlineData("var name = [|NameAsync()|];", "var name = await NameAsync();")]
    [InlineData("Coroutine<string> name = [|NameAsync()|];", "string name = await NameAsync();")]
    [InlineData("var work = [|WorkAsync()|];", "await WorkAsync();")]
    [InlineData("Console.WriteLine($\"Hello, {[|NameAsync()|]}\");", "Console.WriteLine($\"Hello, {await NameAsync()}\");")]
    [InlineData("Console.WriteLine([|NameAsync()|].ToString());", "Console.WriteLine((await NameAsync()).ToString());")]
    public Task The_first_fix_awaits_it(string statements, string mended) => FixesInCoroutineAsync(statements, mended, "await");

    [Theory]
    [InlineData("[|WorkAsync()|];", "LoopTask.Start(WorkAsync());")]
    [InlineData("_ = [|NameAsync()|];", "LoopTask.Start(NameAsync());")]
    [InlineData("Action later = () => [|WorkAsync()|];", "Action later = () => LoopTask.Start(WorkAsync());")]
    public Task The_other_fix_starts_it(string statements, string mended) => FixesInCoroutineAsync(statements, mended, "start");

    [Fact]
    public Task All_places_are_mended_at_once() => FixesInCoroutineAsync(
        "[|WorkAsync()|];\nvar name = [|NameAsync()|];\n[|Coroutine.Yield()|];",
        "await WorkAsync();\nvar name = await NameAsync();\nawait Coroutine.Yield();",
        "await");

    [Theory]
    [InlineData("static void Main() => [|WorkAsync()|];", "static void Main() => EventLoop.Run(WorkAsync());")]
    [InlineData("static void Main() { [|WorkAsync()|]; }", "static void Main() { EventLoop.Run(WorkAsync()); }")]
    [InlineData("static async Task Main() { [|WorkAsync()|]; await Task.Yield(); }", "static async Task Main() { EventLoop.Run(WorkAsync()); await Task.Yield(); }")]
    [InlineData("void Other() => [|WorkAsync()|];", "void Other() => LoopTask.Start(WorkAsync());")]
    public Task Where_a_program_begins_the_other_fix_runs_a_loop(string member, string mended) => FixesAsync(
        $"class Program {{ static async Coroutine WorkAsync() => await Coroutine.Yield(); {member} }}",
        $"class Program {{ static async Coroutine WorkAsync() => await Coroutine.Yield(); {mended} }}",
        "start");
}
