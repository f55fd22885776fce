using System.Diagnostics;

namespace Heddle.Tests.Diagnostics;

/// <summary>What HEDDLE_DEBUG=1 has a real program tell, and that it tells nothing without.</summary>
public class DebugModeTests
{
    [Theory]
    [InlineData("forgotten", "The coroutine Mistakes.SaveAsync, made in Mistakes.Forget in ", "Mistakes.cs:", "was never awaited")]
    [InlineData("forgotten-delay", "A coroutine, made in Mistakes.Forget in ", "Mistakes.cs:", "was never awaited")]
    [InlineData("forgotten-lock", "A coroutine, made in Mistakes.Forget in ", "Mistakes.cs:", "was never awaited")]
    [InlineData("forgotten-again", "The coroutine Mistakes.SaveAsync, made in Mistakes.Forget in ", "Mistakes.cs:", "was never awaited")]
    [InlineData("blocking", "Task 'cruncher' held the loop for ", "It went on in Mistakes.ComputeAsync", "now stands in Mistakes.ComputeAsync, where it waits for a delay")]
    [InlineData("cancel", "Task 'sleeper' was cancelled (too slow) in Mistakes.GiveUp in ", "Mistakes.cs:")]
    public async Task A_mistake_is_reported_with_its_place_and_only_in_debug_mode(string mistake, params string[] parts)
    {
        var (_, error) = await RunAsync(mistake, isDebug: true);

        Assert.All(parts, part => Assert.Contains(part, error));

        // On a machine that is busy any step may take long, and be rightly reported for that.
        Assert.Single(error.Split("heddle: ")[1..], report => mistake == "blocking" || !report.Contains(" held the loop for ", StringComparison.Ordinal));
        Assert.Empty((await RunAsync(mistake, isDebug: false)).Error);
    }

    [Fact]
    public async Task A_coroutine_that_was_forgotten_is_reported_as_soon_as_it_is_collected()
    {
        var (_, error) = await RunAsync("collected", isDebug: true);

        Assert.Contains("never awaited", error);
        Assert.True(error.IndexOf("never awaited", StringComparison.Ordinal) < error.IndexOf("after the collection", StringComparison.Ordinal), error);
    }

    [Fact]
    public async Task Coroutines_that_a_cancelled_scope_let_nobody_start_were_not_forgotten()
    {
        var (output, error) = await RunAsync("given-up", isDebug: true);

        Assert.DoesNotContain("never awaited", error);
        Assert.Equal(10, output.Split("True").Length - 1);
    }

    [Fact]
    public async Task A_scope_that_was_left_is_cancelled_without_effect_and_so_without_a_report()
        => Assert.DoesNotContain("was cancelled", (await RunAsync("cancelled-late", isDebug: true)).Error);

    [Fact]
    public async Task What_a_generators_body_forgot_is_told_to_the_handler_of_the_loop_that_steps_it()
    {
        var (output, error) = await RunAsync("forgotten-in-generator", isDebug: true);

        Assert.Equal("1\nforgotten in main\n", output.ReplaceLineEndings("\n"));
        Assert.Empty(error);
    }

    [Fact]
    public async Task A_failure_that_nobody_observed_is_reported_in_either_mode()
    {
        foreach (var isDebug in new[] { true, false })
        {
            Assert.Contains("Task 'worker' failed and nobody awaited it: bad header", (await RunAsync("unobserved", isDebug)).Error);
        }
    }

    [Fact]
    public async Task A_cancellation_says_where_it_was_asked_for()
    {
        Assert.StartsWith("requested at: Mistakes.GiveUp in ", (await RunAsync("cancel", isDebug: true)).Output);
        Assert.Equal("requested at: \n", (await RunAsync("cancel", isDebug: false)).Output.ReplaceLineEndings("\n"));
    }

    [Fact]
    public async Task How_long_a_task_has_waited_is_known()
    {
        Assert.StartsWith("known: True", (await RunAsync("waiting", isDebug: true)).Output);
        Assert.StartsWith("unknown", (await RunAsync("waiting", isDebug: false)).Output);
    }

    private static async Task<(string Output, string Error)> RunAsync(string mistake, bool isDebug)
    {
        var path = Path.Combine(AppContext.BaseDirectory, "Heddle.TestPrograms.dll");
        using var program = Process.Start(new ProcessStartInfo("dotnet", [path, "mistake", mistake])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["HEDDLE_DEBUG"] = isDebug ? "1" : "0" },
        })!;
        var error = program.StandardError.ReadToEndAsync();
        var output = await program.StandardOutput.ReadToEndAsync();
        await program.WaitForExitAsync();
        Assert.True(program.ExitCode == 0, await error);
        return (output, await error);
    }
}
