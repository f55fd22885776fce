namespace Heddle.Analyzers.Tests;

public sealed class HED004SwallowedCancellationTests : RuleTest<HED004SwallowedCancellationAnalyzer, HED004SwallowedCancellationFix>
{
    [Theory]
    [InlineData("try { await WorkAsync(); } [|catch|] { }")]
    [InlineData("try { await WorkAsync(); } [|catch|] (Exception) { }")]
    [InlineData("try { await WorkAsync(); } [|catch|] (Exception e) { Log(e); }")]
    [InlineData("try { await WorkAsync(); } [|catch|] (SystemException e) { Log(e.Message); }")]
    [InlineData("try { await WorkAsync(); } [|catch|] (OperationCanceledException) { return 1; }")]
    [InlineData("try { await WorkAsync(); } [|catch|] (ScopeCanceledException e) { Log(e.Reason ?? \"\"); }")]
    [InlineData("try { await Coroutine.Yield(); } [|catch|] { }")]
    [InlineData("try { await LoopTask.Start(WorkAsync()); } [|catch|] { }")]
    [InlineData("try { await task.OrCanceled(); } [|catch|] { }")]
    [InlineData("try { await ForeignAsync(CancelScope.Current.Token); } [|catch|] { }")]
    [InlineData("while (true) { try { await WorkAsync(); } [|catch|] (Exception e) { Log(e); } }")]
    [InlineData("try { await foreach (var each in Coroutine.WhenEach(WorkAsync())) { } } [|catch|] { }")]
    [InlineData("try { await WorkAsync(); } catch (IOException) { } [|catch|] (Exception) { }")]
    [InlineData("try { await WorkAsync(); } catch (OperationCanceledException e) when (e.CancellationToken == token) { } [|catch|] { }")]
    public Task A_catch_that_takes_cancellation_for_a_failure_is_reported(string statements) => ReportsInCoroutineAsync(statements);

    [Theory]
    [InlineData("try { await WorkAsync(); } catch (Exception e) when (e is not OperationCanceledException) { Log(e); }")]
    [InlineData("try { await WorkAsync(); } catch (OperationCanceledException) { Log(1); throw; } catch (Exception e) { Log(e); }")]
    [InlineData("try { await WorkAsync(); } catch (Exception e) { Log(e); throw; }")]
    [InlineData("try { await WorkAsync(); } catch (Exception e) { if (e is OperationCanceledException) throw; Log(e); }")]
    [InlineData("try { await WorkAsync(); } catch (Exception e) { throw new IOException(\"broken\", e); }")]
    [InlineData("try { await WorkAsync(); } catch (Exception e) { Log(e); Fatal(); } [System.Diagnostics.CodeAnalysis.DoesNotReturn] static void Fatal() => throw new Exception();")]
    [InlineData("try { await WorkAsync(); } catch (Exception e) { Environment.FailFast(\"broken\", e); }")]
    [InlineData("try { await WorkAsync(); } catch { Environment.Exit(1); }")]
    [InlineData("try { await WorkAsync(); } catch (Exception e) { System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(e); }")]
    [InlineData("try { await WorkAsync(); } catch (IOException) { }")]
    [InlineData("try { await WorkAsync(); } catch (TimeoutException) { }")]
    [InlineData("try { await WorkAsync(); } finally { Log(1); }")]
    public Task A_catch_that_lets_cancellation_pass_is_not_reported(string statements) => ReportsInCoroutineAsync(statements);

    [Theory]
    [InlineData("Exception? failure = null; try { await WorkAsync(); } catch (Exception e) { failure = e; } if (failure is not null) throw failure;")]
    [InlineData("var done = new CoroutineSource<int>(); try { await WorkAsync(); } catch (Exception e) { done.SetException(e); }")]
    [InlineData("try { await WorkAsync(); } catch (Exception e) { System.Runtime.ExceptionServices.ExceptionDispatchInfo.Capture(e).Throw(); }")]
    [InlineData("var all = new List<Exception>(); try { await WorkAsync(); } catch (Exception e) { all.Add(new AggregateException(e)); }")]
    public Task A_catch_that_keeps_the_exception_is_not_reported(string statements) => ReportsInCoroutineAsync(statements);

    [Theory]
    [InlineData("try { Log(1); } catch { }")]
    [InlineData("try { await task; } catch { }")]
    [InlineData("try { await ForeignAsync(token); } catch (Exception e) { Log(e); }")]
    [InlineData("try { LoopTask.Start(async () => await WorkAsync()); } catch { }")]
    public Task A_catch_that_no_cancellation_comes_to_is_not_reported(string statements) => ReportsInCoroutineAsync(statements);

    [Fact]
    public Task Code_that_is_no_coroutine_is_not_reported() => ReportsAsync("""
        class Program
        {
            static async Coroutine WorkAsync() => await Coroutine.Yield();
            static async Task RunAsync() { try { await WorkAsync(); } catch { } }
            static void Run() { try { EventLoop.Run(WorkAsync()); } catch { } }
        }
        """);

    [Theory]
    [InlineData(
        "try { await WorkAsync(); } [|catch|] (Exception e) { Log(e); }",
        "try { await WorkAsync(); } catch (Exception e) when (e is not OperationCanceledException) { Log(e); }")]
    [InlineData(
        "try { await WorkAsync(); } [|catch|] (Exception) { }",
        "try { await WorkAsync(); } catch (Exception e) when (e is not OperationCanceledException) { }")]
    [InlineData(
        "try { await WorkAsync(); } [|catch|] { }",
        "try { await WorkAsync(); } catch (Exception e) when (e is not OperationCanceledException) { }")]
    [InlineData(
        "var e = 1; try { await WorkAsync(); } [|catch|] { Log(e); }",
        "var e = 1; try { await WorkAsync(); } catch (Exception failure) when (failure is not OperationCanceledException) { Log(e); }")]
    [InlineData(
        "try\n{\n    await WorkAsync();\n}\n[|catch|]\n{\n    Log(1);\n}",
        "try\n{\n    await WorkAsync();\n}\ncatch (Exception e) when (e is not OperationCanceledException)\n{\n    Log(1);\n}")]
    [InlineData(
        "try\n{\n    await WorkAsync();\n}\n[|catch|] (ScopeCanceledException)\n{\n    Log(1);\n}",
        "try\n{\n    await WorkAsync();\n}\ncatch (ScopeCanceledException)\n{\n    Log(1);\n    throw;\n}")]
    public Task The_fix_lets_cancellation_pass(string statements, string mended) => FixesInCoroutineAsync(statements, mended);

    [Fact]
    public Task A_clause_that_jumps_away_is_left_to_its_author() =>
        OffersNoFixInCoroutineAsync("try { await WorkAsync(); } [|catch|] (OperationCanceledException) { return 1; }");

    [Fact]
    public Task All_places_are_mended_at_once() => FixesInCoroutineAsync(
        "try { await WorkAsync(); } [|catch|] (Exception e) { Log(e); }\ntry { await WorkAsync(); } [|catch|] { }",
        "try { await WorkAsync(); } catch (Exception e) when (e is not OperationCanceledException) { Log(e); }\n"
            + "try { await WorkAsync(); } catch (Exception e) when (e is not OperationCanceledException) { }");
}
