using System.Diagnostics;

namespace Heddle.Tests.Simulations;

/// <summary>One of the test programs, in a process of its own.</summary>
internal static class OtherProcess
{
    /// <returns>The lines that it has written.</returns>
    internal static async Task<string[]> RunAsync(string[] arguments, params (string Name, string? Value)[] environment)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Heddle.TestPrograms.dll"), .. arguments]) { RedirectStandardOutput = true };
        foreach (var (name, value) in environment)
        {
            if (name.Length > 0)
            {
                start.Environment[name] = value;
            }
        }

        using var program = Process.Start(start)!;
        var output = await program.StandardOutput.ReadToEndAsync();
        await program.WaitForExitAsync();
        Assert.Equal(0, program.ExitCode);
        return output.ReplaceLineEndings("\n").TrimEnd('\n').Split('\n');
    }
}
