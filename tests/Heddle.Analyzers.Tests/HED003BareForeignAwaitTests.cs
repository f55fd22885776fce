namespace Heddle.Analyzers.Tests;

public sealed class HED003BareForeignAwaitTests : RuleTest<HED003BareForeignAwaitAnalyzer, HED003BareForeignAwaitFix>
{
    [Theory]
    [InlineData("await [|ForeignAsync()|];")]
    [InlineData("await [|ForeignAsync(default)|];")]
    [InlineData("await [|File.ReadAllTextAsync(\"a\")|].ConfigureAwait(false);")]
    [InlineData("await [|Task.Delay(100)|];")]
    [InlineData("await [|Task.Run(() => { })|];")]
    [InlineData("await [|Task.Run(async () => await task)|];")]
    [InlineData("await [|Task.WhenAll(task, ForeignAsync())|];")]
    [InlineData("var http = new HttpClient(); await [|http.GetStringAsync(\"a\")|];")]
    [InlineData("var text = ForeignAsync(); await [|text|];")]
    [InlineData("await [|stream.FlushAsync()|];")]
    [InlineData("await [|task.WaitAsync(TimeSpan.FromSeconds(1))|];")]
    [InlineData("await TaskGroup.RunAsync(async group => { await [|ForeignAsync()|]; });")]
    public Task A_foreign_call_that_nothing_can_break_off_is_reported(string statements) => ReportsInCoroutineAsync(statements);

    [Theory]
    [InlineData("await ([|token.CanBeCanceled ? ForeignAsync() : Task.CompletedTask|]);")]
    [InlineData("await ([|token.CanBeCanceled ? task : Task.Delay(100)|]);")]
    [InlineData("await ([|token.CanBeCanceled ? ForeignAsync(token) : ForeignAsync()|]).ConfigureAwait(false);")]
    [InlineData("Task<string> cached = null; await ([|cached ?? ForeignAsync()|]);")]
    [InlineData("await ([|1 switch { 1 => ForeignAsync(), _ => Task.FromResult(\"\") }|]);")]
    [InlineData("Task<string> text; Log(await ([|text = ForeignAsync()|]));")]
    [InlineData("var text = token.CanBeCanceled ? ForeignAsync() : null; await [|text|];")]
    public Task A_foreign_call_behind_a_condition_is_reported(string statements) => ReportsInCoroutineAsync(statements);

    [Theory]
    [InlineData("using var process = System.Diagnostics.Process.Start(\"a\"); await [|process.WaitForExitAsync()|];")]
    [InlineData("await [|stream.ReadAsync(new byte[10])|];")]
    [InlineData("using var gate = new SemaphoreSlim(1); await [|gate.WaitAsync()|];")]
    public Task What_ends_when_somebody_else_likes_is_reported(string statements) => ReportsInCoroutineAsync(statements);

    [Theory]
    [InlineData("var answer = new TaskCompletionSource<string>(); await {|#0:answer.Task|};")]
    [InlineData("var answer = new TaskCompletionSource<string>(); var text = answer.Task; await {|#0:text|};")]
    [InlineData("var answer = new TaskCompletionSource(); await {|#0:Task.WhenAll(task, answer.Task)|};")]
    [InlineData("var channel = System.Threading.Channels.Channel.CreateUnbounded<int>(); await {|#0:channel.Reader.Completion|};")]
    public Task What_may_be_a_signal_of_the_programs_own_is_a_suggestion(string statements) =>
        SuggestsInCoroutineAsync("HED003", statements);

    [Theory]
    [InlineData("await (token.CanBeCanceled ? ForeignAsync(token) : Task.CompletedTask);")]
    [InlineData("await (token.CanBeCanceled ? task : throw new Exception());")]
    [InlineData("Task<string> cached = null; await (cached ?? ForeignAsync(token));")]
    [InlineData("var text = ForeignAsync(); await text.OrCanceled(); Log(await text);")]
    [InlineData("var text = ForeignAsync(); await Task.WhenAll(task, text).OrCanceled(); Log(await text);")]
    [InlineData("var text = ForeignAsync(); if (text.IsCompleted) Log(await text);")]
    [InlineData("foreach (var each in new[] { task }) await each;")]
    [InlineData("var lazy = new Own(); await lazy.Ready; return 0; } class Own { public Task Ready => Task.CompletedTask; } async Coroutine<int> MoreAsync() {")]
    public Task What_has_ended_or_follows_on_every_way_is_not_reported(string statements) => ReportsInCoroutineAsync(statements);

    [Theory]
    [InlineData("await ForeignAsync().OrCanceled();")]
    [InlineData("await ForeignAsync(CancelScope.Current.Token);")]
    [InlineData("await ForeignAsync(token);")]
    [InlineData("await ForeignAsync(CancellationToken.None);")]
    [InlineData("await File.ReadAllTextAsync(\"a\", token).ConfigureAwait(false);")]
    [InlineData("var text = ForeignAsync(token); await text;")]
    [InlineData("await task.WaitAsync(token);")]
    [InlineData("await Task.WhenAll(ForeignAsync(token), ForeignAsync(token));")]
    public Task What_has_a_token_or_can_be_abandoned_is_not_reported(string statements) => ReportsInCoroutineAsync(statements);

    [Theory]
    [InlineData("await WorkAsync();")]
    [InlineData("await NameAsync().AsTask();")]
    [InlineData("await Task.WhenAll(WorkAsync().AsTask(), NameAsync().AsTask());")]
    [InlineData("await Own(); async Task Own() => await Coroutine.Yield();")]
    [InlineData("Func<Task> own = async () => await Coroutine.Yield(); await own();")]
    [InlineData("await Guard(async () => await WorkAsync()); Task Guard(Func<Task> body) => body();")]
    [InlineData("await task;")]
    [InlineData("var waiting = new Queue<Task>(); await waiting.Dequeue();")]
    [InlineData("await Task.CompletedTask;")]
    [InlineData("await Task.FromResult(1);")]
    public Task What_follows_its_scope_or_is_no_call_is_not_reported(string statements) => ReportsInCoroutineAsync(statements);

    [Theory]
    [InlineData("await stream.DisposeAsync();")]
    [InlineData("await using (stream) { }")]
    [InlineData("try { await WorkAsync(); } finally { await stream.FlushAsync(); }")]
    [InlineData("await CancelScope.ShieldAsync(async () => { await stream.FlushAsync(); });")]
    public Task Clean_up_is_not_reported(string statements) => ReportsInCoroutineAsync(statements);

    [Fact]
    public Task Code_that_is_no_coroutine_is_not_reported() => ReportsAsync("""
        class Program
        {
            static async Task Main() => await File.ReadAllTextAsync("a");
            static async Coroutine RunAsync() { await Coroutine.Yield(); Func<Task> foreign = async () => await Task.Delay(1); await foreign(); }
        }
        """);

    [Theory]
    [InlineData("await [|ForeignAsync()|];", "await ForeignAsync().OrCanceled();")]
    [InlineData("await [|ForeignAsync()|].ConfigureAwait(false);", "await ForeignAsync().OrCanceled();")]
    [InlineData("await ([|token.CanBeCanceled ? ForeignAsync() : Task.FromResult(\"\")|]);", "await (token.CanBeCanceled ? ForeignAsync() : Task.FromResult(\"\")).OrCanceled();")]
    [InlineData("var text = ForeignAsync(); await [|text|];", "var text = ForeignAsync(); await text.OrCanceled();")]
    [InlineData("Log((await [|ForeignAsync()|]).Length);", "Log((await ForeignAsync().OrCanceled()).Length);")]
    public Task One_fix_makes_it_abandonable(string statements, string mended) =>
        FixesInCoroutineAsync(statements, mended, "abandon");

    [Theory]
    [InlineData("await [|ForeignAsync()|];", "await ForeignAsync(CancelScope.Current.Token);")]
    [InlineData("await [|ForeignAsync(default)|];", "await ForeignAsync(CancelScope.Current.Token);")]
    [InlineData("await [|File.ReadAllTextAsync(\"a\")|].ConfigureAwait(false);", "await File.ReadAllTextAsync(\"a\", CancelScope.Current.Token).ConfigureAwait(false);")]
    [InlineData("await [|stream.FlushAsync()|];", "await stream.FlushAsync(CancelScope.Current.Token);")]
    [InlineData("await [|Task.Run(() => { })|];", "await Task.Run(() => { }, CancelScope.Current.Token);")]
    public Task One_fix_gives_the_token(string statements, string mended) => FixesInCoroutineAsync(statements, mended, "token");

    [Theory]
    [InlineData("System.Data.Common.DbCommand command = null; await [|command.ExecuteNonQueryAsync()|];", "System.Data.Common.DbCommand command = null; await command.ExecuteNonQueryAsync(CancelScope.Current.Token);")]
    public Task Of_a_database_it_is_the_only_one(string statements, string mended) => FixesInCoroutineAsync(statements, mended);

    [Theory]
    [InlineData("await [|Task.Delay(100)|];", "await Coroutine.Delay(TimeSpan.FromMilliseconds(100));")]
    [InlineData("await [|Task.Delay(TimeSpan.FromHours(1))|].ConfigureAwait(false);", "await Coroutine.Delay(TimeSpan.FromHours(1));")]
    public Task A_delay_becomes_the_loops_own(string statements, string mended) => FixesInCoroutineAsync(statements, mended, "delay");

    [Fact]
    public Task All_places_are_mended_at_once() => FixesInCoroutineAsync(
        "await [|ForeignAsync()|];\nLog(await [|ForeignAsync()|] + await [|ForeignAsync()|]);",
        "await ForeignAsync().OrCanceled();\nLog(await ForeignAsync().OrCanceled() + await ForeignAsync().OrCanceled());",
        "abandon");
}
