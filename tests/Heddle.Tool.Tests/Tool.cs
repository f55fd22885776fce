using System.Diagnostics;

namespace Heddle.Tool.Tests;

/// <summary>The <c>heddle</c> command as a program.</summary>
internal static class Tool
{
    public static string Path { get; } = System.IO.Path.Combine(AppContext.BaseDirectory, "Heddle.Tool.dll");

    /// <summary>Runs it to its end with what is piped in.</summary>
    public static async Task<ToolRun> RunAsync(string[] arguments, string? input = null)
    {
        using var program = Start(arguments);
        if (input is not null)
        {
            await program.StandardInput.WriteAsync(input);
        }

        program.StandardInput.Close();
        var output = program.StandardOutput.ReadToEndAsync();
        var error = program.StandardError.ReadToEndAsync();
        await program.WaitForExitAsync();
        return new ToolRun(program.ExitCode, await output, await error);
    }

    public static Process Start(params string[] arguments) => Process.Start(new ProcessStartInfo("dotnet", [Path, .. arguments])
    {
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
        Environment = { [ShortLived.Variable] = ShortLived.Value },
    })!;
}

internal sealed record ToolRun(int ExitCode, string Output, string Error)
{
    /// <summary>Fails with all that the program wrote.</summary>
    public ToolRun Expect(int exitCode)
    {
        Assert.True(exitCode == ExitCode, $"It ended with {ExitCode} and wrote:\n{Output}\n{Error}");
        return this;
    }
}
