namespace Heddle.Analyzers.Tests;

public sealed class HED002BlockingCallTests : RuleTest<HED002BlockingCallAnalyzer, HED002BlockingCallFix>
{
    [Theory]
    [InlineData("[|Thread.Sleep(100)|];")]
    [InlineData("[|task.Wait()|];")]
    [InlineData("[|task.Wait(100)|];")]
    [InlineData("Log([|number.Result|]);")]
    [InlineData("[|task.GetAwaiter().GetResult()|];")]
    [InlineData("[|task.ConfigureAwait(false).GetAwaiter().GetResult()|];")]
    [InlineData("[|new ValueTask<int>(number).GetAwaiter().GetResult()|];")]
    [InlineData("[|NameAsync().GetAwaiter().GetResult()|];")]
    [InlineData("[|Task.WaitAll(task, number)|];")]
    [InlineData("[|Task.WaitAny(task, number)|];")]
    [InlineData("[|EventLoop.Run(WorkAsync())|];")]
    public Task A_wait_for_a_task_is_reported(string statements) => ReportsInCoroutineAsync(statements);

    [Theory]
    [InlineData("[|File.ReadAllText(\"a\")|];")]
    [InlineData("[|File.WriteAllBytes(\"a\", [])|];")]
    [InlineData("[|stream.Read(new byte[10], 0, 10)|];")]
    [InlineData("[|stream.CopyTo(Stream.Null)|];")]
    [InlineData("using var file = File.OpenRead(\"a\"); [|file.ReadExactly(new byte[10])|];")]
    [InlineData("using var reader = new StreamReader(stream); [|reader.ReadLine()|];")]
    [InlineData("[|Console.ReadLine()|];")]
    [InlineData("[|Console.In.ReadToEnd()|];")]
    [InlineData("[|System.Net.Dns.GetHostAddresses(\"localhost\")|];")]
    public Task A_blocking_read_is_reported(string statements) => ReportsInCoroutineAsync(statements);

    [Theory]
    [InlineData("using var gate = new SemaphoreSlim(1); [|gate.Wait()|];")]
    [InlineData("using var done = new ManualResetEventSlim(); [|done.Wait(token)|];")]
    [InlineData("using var done = new AutoResetEvent(false); [|done.WaitOne()|];")]
    [InlineData("var thread = new Thread(() => { }); thread.Start(); [|thread.Join()|];")]
    [InlineData("using var process = System.Diagnostics.Process.Start(\"a\"); [|process.WaitForExit()|];")]
    [InlineData("[|SpinWait.SpinUntil(() => token.IsCancellationRequested)|];")]
    public Task A_wait_for_another_thread_or_program_is_reported(string statements) => ReportsInCoroutineAsync(statements);

    [Theory]
    [InlineData("await Coroutine.Delay(TimeSpan.FromSeconds(1));")]
    [InlineData("await Task.Run(() => Thread.Sleep(100), token);")]
    [InlineData("new Thread(() => Thread.Sleep(100)).Start();")]
    [InlineData("await File.ReadAllTextAsync(\"a\", token);")]
    [InlineData("using var memory = new MemoryStream(); memory.Read(new byte[10], 0, 10);")]
    [InlineData("new StringReader(\"a\").ReadLine();")]
    [InlineData("using var gate = new SemaphoreSlim(1); if (gate.Wait(0)) Log(gate);")]
    [InlineData("using var done = new AutoResetEvent(false); if (done.WaitOne(TimeSpan.Zero)) Log(done);")]
    [InlineData("Log(LoopTask.Start(NameAsync()).Result);")]
    [InlineData("lock (this) { Log(this); }")]
    public Task What_does_not_block_the_loop_is_not_reported(string statements) => ReportsInCoroutineAsync(statements);

    [Theory]
    [InlineData("await number; Log(number.Result);")]
    [InlineData("await Task.WhenAll(task, number); Log(number.Result);")]
    [InlineData("if (number.IsCompletedSuccessfully) Log(number.Result);")]
    [InlineData("if (number is { IsCompletedSuccessfully: true }) Log(number.Result);")]
    [InlineData("var first = await Task.WhenAny(number, number); Log(first.Result);")]
    [InlineData("var all = new[] { number }; await Task.WhenAll(all); foreach (var each in all) Log(each.Result);")]
    [InlineData("await foreach (var each in Task.WhenEach(number, number)) Log(each.Result);")]
    public Task The_result_of_a_task_that_has_ended_is_not_reported(string statements) => ReportsInCoroutineAsync(statements);

    [Theory]
    [InlineData("Wait(); void Wait() => [|Thread.Sleep(100)|];")]
    [InlineData("Outer(); void Outer() { Inner(); void Inner() { [|task.Wait()|]; } }")]
    [InlineData("Log(Many().Count()); IEnumerable<int> Many() { yield return [|number.Result|]; }")]
    [InlineData("Func<Coroutine> later = async () => { Wait(); await Coroutine.Yield(); }; await later(); void Wait() => [|Thread.Sleep(100)|];")]
    [InlineData("Again(3); void Again(int n) { [|Thread.Sleep(n)|]; if (n > 0) Again(n - 1); }")]
    public Task A_plain_local_function_that_the_coroutine_calls_is_reported(string statements) => OffersNoFixInCoroutineAsync(statements);

    [Theory]
    [InlineData("await Coroutine.ToThread(Wait); void Wait() => Thread.Sleep(100);")]
    [InlineData("await Coroutine.ToThread(() => Wait()); void Wait() => Thread.Sleep(100);")]
    [InlineData("await Task.Run(Outer, token); void Outer() { Inner(); void Inner() => Thread.Sleep(100); }")]
    [InlineData("void Wait() => Thread.Sleep(100); Log(nameof(Wait));")]
    [InlineData("await Wait().OrCanceled(); async Task Wait() { await task; Thread.Sleep(100); }")]
    [InlineData("Again(3); void Again(int n) { if (n > 0) Again(n - 1); }")]
    public Task A_local_function_that_runs_elsewhere_is_not_reported(string statements) => ReportsInCoroutineAsync(statements);

    [Fact]
    public Task Code_that_runs_on_no_loop_is_not_reported() => ReportsAsync("""
        class Program
        {
            static void Main() => Thread.Sleep(100);
            static async Task RunAsync(Task task) { task.Wait(); await Task.Yield(); }
            static async Coroutine LoopAsync() { await Coroutine.Yield(); void Later() => Thread.Sleep(100); new Thread(Later).Start(); }
        }
        """);

    [Theory]
    [InlineData("[|Thread.Sleep(100)|];", "await Coroutine.Delay(TimeSpan.FromMilliseconds(100));")]
    [InlineData("[|Thread.Sleep(TimeSpan.FromSeconds(1))|];", "await Coroutine.Delay(TimeSpan.FromSeconds(1));")]
    [InlineData("[|task.Wait()|];", "await task.OrCanceled();")]
    [InlineData("Log([|number.Result|]);", "Log(await number.OrCanceled());")]
    [InlineData("Log([|number.Result|].ToString());", "Log((await number.OrCanceled()).ToString());")]
    [InlineData("[|task.ConfigureAwait(false).GetAwaiter().GetResult()|];", "await task.OrCanceled();")]
    [InlineData("Log([|NameAsync().GetAwaiter().GetResult()|]);", "Log(await NameAsync());")]
    [InlineData("[|Task.WaitAll(task, number)|];", "await Task.WhenAll(task, number).OrCanceled();")]
    [InlineData("[|EventLoop.Run(WorkAsync())|];", "await WorkAsync();")]
    public Task The_fix_awaits_what_is_waited_for(string statements, string mended) => FixesInCoroutineAsync(statements, mended);

    [Theory]
    [InlineData("Log([|File.ReadAllText(\"a\")|]);", "Log(await File.ReadAllTextAsync(\"a\", CancelScope.Current.Token));")]
    [InlineData("Log([|stream.Read(new byte[9], 0, 9)|]);", "Log(await stream.ReadAsync(new byte[9], 0, 9, CancelScope.Current.Token));")]
    [InlineData("Log([|Console.In.ReadToEnd()|]);", "Log(await Console.In.ReadToEndAsync(CancelScope.Current.Token));")]
    [InlineData("Log([|Console.In.Read(new char[9], 0, 9)|]);", "Log(await Console.In.ReadAsync(new char[9], 0, 9).OrCanceled());")]
    [InlineData("Log([|Console.ReadLine()|]);", "Log(await Coroutine.ToThread(() => Console.ReadLine()));")]
    [InlineData("new SemaphoreSlim(1).Release(); [|new SemaphoreSlim(1).Wait()|];", "new SemaphoreSlim(1).Release(); await new SemaphoreSlim(1).WaitAsync(CancelScope.Current.Token);")]
    public Task The_fix_calls_the_twin_with_the_scopes_token(string statements, string mended) =>
        FixesInCoroutineAsync(statements, mended);

    [Theory]
    [InlineData("[|task.Wait(100)|];")]
    [InlineData("[|Task.WaitAny(task, number)|];")]
    [InlineData("lock (this) { [|Thread.Sleep(100)|]; }")]
    [InlineData("[|stream.ReadByte()|];")]
    public Task Where_there_is_no_twin_no_fix_is_offered(string statements) => OffersNoFixInCoroutineAsync(statements);

    [Fact]
    public Task All_places_are_mended_at_once() => FixesInCoroutineAsync(
        "[|Thread.Sleep(1)|];\nLog([|number.Result|] + [|File.ReadAllText(\"a\")|].Length);",
        "await Coroutine.Delay(TimeSpan.FromMilliseconds(1));\nLog(await number.OrCanceled() + (await File.ReadAllTextAsync(\"a\", CancelScope.Current.Token)).Length);");
}
