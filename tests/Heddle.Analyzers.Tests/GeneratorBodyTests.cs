using Microsoft.CodeAnalysis.Testing;

namespace Heddle.Analyzers.Tests;

/// <summary>The body of a generator is a coroutine that runs on no loop, unless it is an asynchronous one.</summary>
public static class GeneratorBodyTests
{
    private const string Before = "class Program { static Generator<int> Numbers(Task<int> task) => new(async co => { ";
    private const string After = " await co.Yield(1); }); }";

    public sealed class HED001 : RuleTest<HED001ForgottenAwaitAnalyzer, HED001ForgottenAwaitFix>
    {
        [Fact]
        public Task A_yield_that_is_not_awaited_is_reported() =>
            FixesAsync($"{Before}[|co.Yield(2)|];{After}", $"{Before}await co.Yield(2);{After}", "await");
    }

    public sealed class HED002 : RuleTest<HED002BlockingCallAnalyzer, EmptyCodeFixProvider>
    {
        [Fact]
        public Task There_is_no_loop_to_block() =>
            ReportsAsync($"{Before}Thread.Sleep(task.Result);{After}");

        [Fact]
        public Task An_asynchronous_generator_has_one() => ReportsAsync("""
            class Program
            {
                static AsyncGenerator<int> Numbers() => new(async co => { [|Thread.Sleep(1)|]; await co.Yield(1); });
            }
            """);
    }

    public sealed class HED004 : RuleTest<HED004SwallowedCancellationAnalyzer, EmptyCodeFixProvider>
    {
        [Fact]
        public Task There_is_no_cancellation_to_swallow() =>
            ReportsAsync($"{Before}try {{ await co.Yield(2); }} catch (InvalidOperationException) {{ }} catch (Exception e) {{ Console.WriteLine(e); }}{After}");
    }
}
