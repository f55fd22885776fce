using System.Diagnostics;

namespace Heddle.Tool.Tests;

public class PipedScriptTests
{
    [Fact]
    public async Task A_script_runs_without_a_prompt_and_without_colours()
    {
        var run = await RunAsync(
            """
            async Coroutine<string> GreetAsync(string name)
            {
                await Coroutine.Delay(TimeSpan.FromMilliseconds(1));
                return $"hello {name}";
            }

            Console.WriteLine(await GreetAsync("piper"));
            await GreetAsync("last")
            """);

        Assert.Equal("hello piper\n\"last\"\n".Replace("last", "hello last"), run.Expect(exitCode: 0).Output);
        Assert.Empty(run.Error);
    }

    [Fact]
    public async Task What_does_not_read_as_one_script_is_run_line_by_line_as_at_the_prompt()
    {
        var run = await RunAsync("var x = 20;\nx + 1\nforeach (var i in new[] { 1, 2 })\n{\n    Console.WriteLine(i);\n}\nx + 2\n");

        Assert.Equal("21\n1\n2\n22\n", run.Expect(exitCode: 0).Output);
    }

    [Theory]
    [InlineData("Console.WriteLine(1);\nConsole.WriteLine(nobody);", "input 1(2,19): error CS0103")]
    [InlineData("void Fail()\n{\n    throw new InvalidOperationException(\"boom\");\n}\nFail();", "at Fail() in input 1, line 3")]
    [InlineData("await Task.FromException(new TimeoutException(\"late\"));", "TimeoutException: late")]
    public async Task One_that_fails_says_where_and_ends_with_1(string script, string message)
    {
        var run = await RunAsync(script);

        Assert.Contains(message, run.Expect(exitCode: 1).Error);
        Assert.DoesNotContain('\e', run.Error);
        Assert.Empty(run.Output);
    }

    [Fact]
    public async Task After_a_failure_nothing_more_is_run()
    {
        var run = await RunAsync("throw new Exception(\"first\");\n:help\n");

        Assert.Empty(run.Expect(exitCode: 1).Output);
    }

    [Fact]
    public async Task Commands_stand_between_the_code()
    {
        var run = await RunAsync(
            """
            var sleeper = LoopTask.Start(() => Coroutine.Delay(Timeout.InfiniteTimeSpan), "sleeper");
            :cancel sleeper
            try { await sleeper; } catch (LoopTaskCanceledException failure) { Console.WriteLine(failure.Message); }
            :quit
            not even C#
            """);

        Assert.StartsWith("cancelled sleeper\n", run.Expect(exitCode: 0).Output);
        Assert.Contains("asked for by :cancel", run.Output);
    }

    [Fact]
    public async Task A_line_that_begins_with_a_colon_inside_an_input_is_no_command()
    {
        var run = await RunAsync(
            """"
            int one = 1;
            var x = one > 2
                ? 3
                : 4;
            var y = one > 2
                ? 5
                :one;
            class A(int x) { public int X => x; }
            class B(int x)
                : A(x);
            var text = """
                :quit
                """;
            Console.WriteLine($"{x} {y} {new B(6).X} {text}")
            :quit
            not even C#
            """");

        Assert.Equal("4 1 6 :quit\n", run.Expect(exitCode: 0).Output);
    }

    [Theory]
    [InlineData(":cancel nobody", "No task is named 'nobody'")]
    [InlineData(":load missing.csx", "missing.csx cannot be read")]
    [InlineData(":taks", "There is no command ':taks'")]
    public async Task A_command_that_cannot_be_done_fails_the_script(string command, string message)
        => Assert.Contains(message, (await RunAsync(command)).Expect(exitCode: 1).Error);

    [Fact]
    public async Task An_interrupted_script_cleans_up_and_ends_with_130()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Another process's signals cannot be sent there.");
        using var program = Tool.Start("repl");
        await program.StandardInput.WriteAsync(
            "Console.WriteLine(\"ready\"); try { await Coroutine.Delay(Timeout.InfiniteTimeSpan); } finally { Console.WriteLine(\"cleaned up\"); }");
        program.StandardInput.Close();
        Assert.Equal("ready", await program.StandardOutput.ReadLineAsync());
        using (var kill = Process.Start("kill", ["-INT", $"{program.Id}"]))
        {
            await kill.WaitForExitAsync();
        }

        Assert.Equal("cleaned up", await program.StandardOutput.ReadLineAsync());
        await program.WaitForExitAsync();
        Assert.Equal(130, program.ExitCode);
    }

    private static Task<ToolRun> RunAsync(string script) => Tool.RunAsync(["repl"], script);
}
