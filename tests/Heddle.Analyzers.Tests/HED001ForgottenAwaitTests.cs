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

    [Theory]
    [InlineData("var work = [|WorkAsync()|]; work = WorkAsync(); await work;")]
    [InlineData("Coroutine work = [|WorkAsync()|]; if (token.CanBeCanceled) work = WorkAsync(); else work = NameAsync(); await work;")]
    [InlineData("var work = WorkAsync(); await work; work = [|WorkAsync()|];")]
    [InlineData("var work = [|WorkAsync()|]; foreach (var each in new[] { 1 }) { work = WorkAsync(); await work; }")]
    [InlineData("Coroutine work; do { work = [|WorkAsync()|]; work = default; } while (token.CanBeCanceled); await work;")]
    [InlineData("Coroutine? work = null; work ??= [|WorkAsync()|];")]
    [InlineData("Coroutine a, b; a = b = [|WorkAsync()|];")]
    [InlineData("var work = [|WorkAsync()|]; try { Log(1); } finally { work = NameAsync(); } await work;")]
    public Task A_coroutine_that_is_overwritten_before_its_await_is_reported(string statements) => ReportsInCoroutineAsync(statements);

    [Theory]
    [InlineData("(_, _) = ([|WorkAsync()|], [|NameAsync()|]);")]
    [InlineData("var (a, b) = ([|WorkAsync()|], NameAsync()); await b;")]
    [InlineData("var (a, (b, c)) = (WorkAsync(), ([|NameAsync()|], 1)); await a; Log(c);")]
    [InlineData("Coroutine a, b; (a, b) = (WorkAsync(), [|WorkAsync()|]); await a;")]
    [InlineData("var pair = ([|WorkAsync()|], 1); Log(pair.Item2);")]
    [InlineData("var all = new[] { [|WorkAsync()|], [|WorkAsync()|] };")]
    [InlineData("Coroutine[] all = [[|WorkAsync()|], [|NameAsync()|]]; Console.WriteLine(all.Length);")]
    public Task A_coroutine_in_a_tuple_or_an_array_that_nobody_reads_is_reported(string statements) => ReportsInCoroutineAsync(statements);

    [Theory]
    [InlineData("[|new[] { 1 }.Select(Each)|].ToList(); Coroutine Each(int i) => WorkAsync();")]
    [InlineData("_ = [|new[] { 1 }.Select(i => WorkAsync())|].Reverse().ToArray();")]
    [InlineData("var all = (from i in new[] { 1 } [|select WorkAsync()|]).ToList(); Console.WriteLine(all.Count);")]
    [InlineData("[|new[] { 1 }.Select(_ => WorkAsync())|];")]
    [InlineData("[|new List<int>().ConvertAll(i => NameAsync())|];")]
    public Task A_query_that_makes_coroutines_and_is_dropped_is_reported(string statements) => ReportsInCoroutineAsync(statements);

    [Theory]
    [InlineData("Make(out [|var work|]); void Make(out Coroutine made) => made = WorkAsync();")]
    [InlineData("if (TryMake(out [|Coroutine work|])) Log(1); bool TryMake(out Coroutine made) { made = WorkAsync(); return true; }")]
    [InlineData("if ([|WorkAsync()|] is var work) { Log(1); }")]
    [InlineData("switch ([|WorkAsync()|]) { case var work: Log(1); break; }")]
    [InlineData("Log([|WorkAsync()|] is { } ? 1 : 2);")]
    public Task A_variable_of_a_call_or_of_a_pattern_that_nobody_awaits_is_reported(string statements) =>
        ReportsInCoroutineAsync(statements);

    [Theory]
    [InlineData("if (WorkAsync() is var work) { await work; }")]
    [InlineData("if (maybe?.DoAsync() is { } work) { await work; }")]
    [InlineData("if (maybe?.DoAsync() is not { } work) { return 0; } await work;")]
    [InlineData("if (maybe?.DoAsync() is Coroutine work) { await work; }")]
    [InlineData("switch (WorkAsync()) { case var work: await work; break; }")]
    [InlineData("switch (maybe?.DoAsync()) { case null: break; case { } work: await work; break; }")]
    [InlineData("if ((WorkAsync(), 1) is (var work, 1)) { await work; }")]
    [InlineData("if (new { Work = WorkAsync() } is { Work: var work }) { await work; }")]
    [InlineData("if (new[] { WorkAsync() } is [var work, ..]) { await work; }")]
    [InlineData("await (WorkAsync() switch { var work => work });")]
    [InlineData("while (maybe?.DoAsync() is { } work) { await work; maybe = null; }")]
    [InlineData("Coroutine again; if (WorkAsync() is var work) { again = work; await again; }")]
    [InlineData("if (WorkAsync() is var work && token.CanBeCanceled) LoopTask.Start(work);")]
    public Task A_coroutine_that_a_pattern_gives_on_is_not_reported(string statements) => ReportsAsync($$"""
        class Job { public Coroutine DoAsync() => default; }
        class Program
        {
            async Coroutine WorkAsync() => await Coroutine.Yield();
            async Coroutine<int> RunAsync(Job maybe, CancellationToken token)
            {
                {{statements}}
                await Coroutine.Yield();
                return 0;
            }
        }
        """);

    [Theory]
    [InlineData("Make(out var work); await work; void Make(out Coroutine made) => made = WorkAsync();")]
    [InlineData("Coroutine work; Make(out work); await work; void Make(out Coroutine made) => made = WorkAsync();")]
    [InlineData("Make(out _); void Make(out Coroutine made) => made = default;")]
    [InlineData("var all = new Dictionary<int, Coroutine>(); if (all.TryGetValue(1, out var work)) Log(1);")]
    [InlineData("var all = new Queue<Coroutine>(); while (all.TryDequeue(out var dropped)) { }")]
    [InlineData("Change(ref Make()); ref Coroutine Make() => throw new Exception(); void Change(ref Coroutine c) { }")]
    [InlineData("var work = WorkAsync(); Run(ref work); async void Nothing() => await Coroutine.Yield(); void Run(ref Coroutine c) => Nothing();")]
    [InlineData("Coroutine a = default; ref var alias = ref a; alias = WorkAsync(); LoopTask.Start(a);")]
    public Task A_variable_that_is_awaited_or_only_looked_up_is_not_reported(string statements) => ReportsInCoroutineAsync(statements);

    [Theory]
    [InlineData("Coroutine? work = null; work ??= WorkAsync(); await work.Value;")]
    [InlineData("Coroutine? work = null; await (work ?? WorkAsync());")]
    [InlineData("Coroutine? work = null; await (work ??= WorkAsync());")]
    [InlineData("Coroutine? work = token.CanBeCanceled ? WorkAsync() : null; if (work is { } some) await some;")]
    [InlineData("Coroutine? work = token.CanBeCanceled ? WorkAsync() : null; if (work.HasValue) await work.GetValueOrDefault();")]
    [InlineData("await (1 switch { 1 => WorkAsync(), _ => NameAsync() });")]
    [InlineData("var work = 1 switch { 1 => WorkAsync(), _ => throw new Exception() }; await work;")]
    [InlineData("Coroutine a, b; a = b = WorkAsync(); await a;")]
    [InlineData("Coroutine work; await (work = WorkAsync());")]
    [InlineData("var first = WorkAsync(); var second = WorkAsync(); (first, second) = (second, first); await first; await second;")]
    [InlineData("var pair = (WorkAsync(), NameAsync()); await pair.Item1; await pair.Item2;")]
    [InlineData("var (_, b) = (1, NameAsync()); await b;")]
    [InlineData("var work = WorkAsync(); try { throw new Exception(); } catch { await work; }")]
    [InlineData("var work = WorkAsync(); try { work = NameAsync(); Log(1); work = WorkAsync(); } catch { await work; } finally { Log(2); } await work;")]
    [InlineData("var work = WorkAsync(); try { return 1; } finally { await work; }")]
    [InlineData("Coroutine work = default; try { work = WorkAsync(); } finally { LoopTask.Start(work); }")]
    [InlineData("var work = WorkAsync(); while (true) { if (token.CanBeCanceled) { await work; break; } }")]
    [InlineData("Coroutine next = default; for (var i = 0; i < 3; i++) { await next; next = WorkAsync(); }")]
    [InlineData("again: var work = WorkAsync(); if (token.CanBeCanceled) goto again; await work;")]
    public Task A_coroutine_that_some_path_awaits_is_not_reported(string statements) => ReportsInCoroutineAsync(statements);

    [Theory]
    [InlineData("var all = new[] { WorkAsync(), WorkAsync() }; foreach (var each in all) await each;")]
    [InlineData("var all = new Coroutine[2]; all[0] = WorkAsync(); all[1] = NameAsync(); await Coroutine.WhenAll(all);")]
    [InlineData("var all = new[] { WorkAsync() }; await all[0];")]
    [InlineData("Coroutine[] some = [WorkAsync()]; Coroutine[] all = [.. some, NameAsync()]; await Coroutine.WhenAll(all);")]
    [InlineData("var all = new List<Coroutine> { WorkAsync() }; await Coroutine.WhenAll(all);")]
    [InlineData("var all = new Dictionary<int, Coroutine> { [1] = WorkAsync() }; await all[1];")]
    [InlineData("var all = new[] { 1 }.Select(i => WorkAsync()).ToList(); await Coroutine.WhenAll(all);")]
    [InlineData("var all = new[] { 1 }.Select(i => WorkAsync()); var list = all.ToList(); foreach (var each in list) await each;")]
    [InlineData("foreach (var each in from i in new[] { 1 } select WorkAsync()) await each;")]
    [InlineData("new[] { 1 }.Select(i => WorkAsync()).ToList().ForEach(each => LoopTask.Start(each));")]
    [InlineData("var all = new[] { 1 }.Select(i => LoopTask.Start(WorkAsync())).ToList();")]
    [InlineData("var table = new[] { 1 }.ToDictionary(i => i, i => WorkAsync()); await table[1];")]
    [InlineData("var named = new { Work = WorkAsync() }; await named.Work;")]
    [InlineData("Lazy<Coroutine> lazy = new(() => WorkAsync()); await lazy.Value;")]
    public Task Coroutines_of_a_collection_that_goes_on_are_not_reported(string statements) => ReportsInCoroutineAsync(statements);

    [Theory]
    [InlineData("System.Linq.Expressions.Expression<Action> call = () => WorkAsync(); Log(call);")]
    [InlineData("Verify(p => p.WorkAsync()); void Verify(System.Linq.Expressions.Expression<Action<Program>> call) { }")]
    [InlineData("Verify(p => p.WorkAsync()); void Verify(System.Linq.Expressions.Expression<Func<Program, Coroutine>> call) { }")]
    [InlineData("Coroutine work = default; void Make() => work = WorkAsync(); Make(); await work;")]
    [InlineData("var work = WorkAsync(); Func<Coroutine> given = () => work; await given();")]
    [InlineData("Func<int, Coroutine> given = i => i > 0 ? WorkAsync() : NameAsync(); await given(1);")]
    [InlineData("Coroutine Local() { var work = WorkAsync(); return work; } await Local();")]
    [InlineData("IEnumerable<Coroutine> Many() { yield return WorkAsync(); } await Coroutine.WhenAll(Many());")]
    [InlineData("Log(nameof(WorkAsync)); Log(typeof(Coroutine));")]
    public Task Code_that_only_describes_a_call_or_shares_its_coroutine_is_not_reported(string statements) =>
        ReportsInCoroutineAsync(statements);

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
    [InlineData("[|new[] { 1 }.Select(_ => WorkAsync())|].ToList();", "await Coroutine.WhenAll(new[] { 1 }.Select(_ => WorkAsync()).ToList());")]
    [InlineData("[|new[] { 1 }.Select(_ => NameAsync())|];", "await Coroutine.WhenAll(new[] { 1 }.Select(_ => NameAsync()));")]
    public Task The_fix_awaits_all_that_a_query_makes(string statements, string mended) =>
        FixesInCoroutineAsync(statements, mended, "await");

    [Theory]
    [InlineData("var name = [|NameAsync()|]; name = NameAsync(); await name;")]
    [InlineData("var work = [|WorkAsync()|]; work = default;")]
    [InlineData("Make(out [|var name|]); void Make(out Coroutine<string> made) => made = NameAsync();")]
    [InlineData("(_, _) = ([|WorkAsync()|], 1);")]
    public Task Where_no_await_would_do_no_fix_is_offered(string statements) => OffersNoFixInCoroutineAsync(statements);

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
