using Microsoft.CodeAnalysis.Testing;

namespace Heddle.Analyzers.Tests;

public sealed class HED005YieldInScopeTests : RuleTest<HED005YieldInScopeAnalyzer, EmptyCodeFixProvider>
{
    [Theory]
    [InlineData("await CancelScope.RunAsync(async scope => { await [|co.Yield(1)|]; });")]
    [InlineData("await CancelScope.WithTimeoutAsync(TimeSpan.FromSeconds(1), async scope => { await [|co.Yield(1)|]; });")]
    [InlineData("await CancelScope.MoveOnAfterAsync(TimeSpan.FromSeconds(1), async scope => { await [|co.Yield(1)|]; });")]
    [InlineData("await CancelScope.ShieldAsync(async () => { await [|co.Yield(1)|]; });")]
    [InlineData("await TaskGroup.RunAsync(async group => { if (group.Count == 0) { await [|co.Yield(1)|]; } });")]
    [InlineData("await TaskGroup.RunAsync(async group => { group.Start(async () => { await [|co.Yield(1)|]; }); await Coroutine.Yield(); });")]
    [InlineData("LoopTask.Start(async () => { await [|co.Yield(1)|]; });")]
    [InlineData("await TaskGroup.RunAsync(async group => { await [|co.YieldFrom(new[] { 1, 2 })|]; });")]
    [InlineData("await [|co.YieldFrom(new[] { 1, 2 })|].WithTimeout(TimeSpan.FromSeconds(1));")]
    [InlineData("await Coroutine.WhenAll([|co.YieldFrom(new[] { 1, 2 })|]);")]
    public Task A_yield_inside_a_scope_a_group_or_a_task_is_reported(string statements) =>
        ReportsAsync(InGenerator(statements));

    [Theory]
    [InlineData("await CancelScope.RunAsync(async scope => { await OneAsync(); }); async Coroutine OneAsync() => await [|co.Yield(1)|];")]
    [InlineData("await CancelScope.RunAsync(BodyAsync); async Coroutine BodyAsync(CancelScope scope) { await [|co.Yield(1)|]; }")]
    [InlineData("LoopTask.Start(BodyAsync); async Coroutine BodyAsync() { await [|co.Yield(1)|]; }")]
    [InlineData("LoopTask.Start(OneAsync()); async Coroutine OneAsync() { await [|co.Yield(1)|]; }")]
    [InlineData("await OneAsync().WithTimeout(TimeSpan.FromSeconds(1)); async Coroutine OneAsync() { await [|co.Yield(1)|]; }")]
    [InlineData("await OuterAsync(); async Coroutine OuterAsync() => await CancelScope.RunAsync(async scope => await InnerAsync()); async Coroutine InnerAsync() { await [|co.Yield(1)|]; }")]
    [InlineData("Func<Coroutine> one = async () => { await [|co.Yield(1)|]; }; await CancelScope.ShieldAsync(one);")]
    [InlineData("Func<Coroutine> one = async () => { await [|co.Yield(1)|]; }; await TaskGroup.RunAsync(async group => { await one(); });")]
    public Task A_yield_in_a_function_that_a_scope_calls_is_reported(string statements) => ReportsAsync(InGenerator(statements));

    [Theory]
    [InlineData("await OneAsync(); async Coroutine OneAsync() { await co.Yield(1); }")]
    [InlineData("await OneAsync(3); async Coroutine OneAsync(int n) { await co.Yield(n); if (n > 0) await OneAsync(n - 1); }")]
    [InlineData("await CancelScope.RunAsync(async scope => { await Coroutine.Yield(); }); await OneAsync(); async Coroutine OneAsync() => await co.Yield(1);")]
    [InlineData("Func<Coroutine> one = async () => { await co.Yield(1); }; Func<Coroutine> other = one; await other();")]
    [InlineData("async Coroutine OneAsync() => await co.Yield(1); await OneAsync(); Console.WriteLine(nameof(OneAsync));")]
    public Task A_yield_in_a_function_that_the_body_calls_is_not_reported(string statements) => ReportsAsync(InGenerator(statements));

    [Theory]
    [InlineData("await co.Yield(1);")]
    [InlineData("for (var i = 0; i < 3; i++) { await co.Yield(i); }")]
    [InlineData("await co.YieldFrom(new[] { 1, 2 });")]
    [InlineData("try { await co.Yield(1); } finally { Console.WriteLine(1); }")]
    [InlineData("var next = 1; await CancelScope.RunAsync(async scope => { next++; await Coroutine.Yield(); }); await co.Yield(next);")]
    [InlineData("await CancelScope.RunAsync(async scope => { Generator<int> inner = new(async own => { await own.Yield(1); }); await Coroutine.Yield(); });")]
    [InlineData("Func<Coroutine> two = async () => { await co.Yield(1); await co.Yield(2); }; await two();")]
    [InlineData("await CancelScope.RunAsync(async scope => { await Coroutine.Yield(); });")]
    public Task A_yield_in_the_generators_own_body_is_not_reported(string statements) => ReportsAsync(InGenerator(statements));

    [Fact]
    public Task A_yield_in_a_coroutine_that_the_handle_is_passed_to_is_not_reported() => ReportsAsync("""
        class Program
        {
            static async Coroutine TwiceAsync(GeneratorHandle<int, Nothing> co, int x) { await co.Yield(x); await co.Yield(x); }
            static async Coroutine ScopedAsync(GeneratorHandle<int, Nothing> co) =>
                await CancelScope.RunAsync(async scope => { await [|co.Yield(1)|]; });
            static Generator<int> Numbers() => new(async co => { await TwiceAsync(co, 1); });
        }
        """);

    private static string InGenerator(string statements) => $$"""
        class Program
        {
            static Generator<int> Numbers() => new(async co =>
            {
                {{statements}}
            });
        }
        """;
}
