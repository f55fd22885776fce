using System.Diagnostics;

namespace Heddle.Samples.Tests;

/// <summary>What a sample did in a process of its own.</summary>
internal sealed record SampleRun(int ExitCode, string Output, string Errors)
{
    // Long enough for a loaded machine; a sample itself waits for a second at most.
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);

    private static readonly Dictionary<string, string> s_shortLived = new() { [ShortLived.Variable] = ShortLived.Value };

    /// <summary>
    /// Compiles the sample in this process and runs it beside this suite's own assemblies, which are all that samples
    /// use: 3 seconds less than <c>dotnet run</c> takes for each.
    /// </summary>
    public static async Task<SampleRun> CompiledAsync(SampleFile sample)
    {
        var tree = ProgramCompiler.Parse(await File.ReadAllTextAsync(sample.Code), sample.Code);
        var program = Path.Combine(AppContext.BaseDirectory, $"{sample.Name}.dll");
        await File.WriteAllBytesAsync(program, ProgramCompiler.Compile(tree, sample.Name, sample.Assemblies));
        var suite = Path.ChangeExtension(typeof(SampleRun).Assembly.Location, null);
        return await StartAsync(
            sample, s_shortLived, "exec", "--runtimeconfig", $"{suite}.runtimeconfig.json", "--depsfile", $"{suite}.deps.json", program);
    }

    /// <summary>Does what a user does.</summary>
    public static Task<SampleRun> ByDotnetRunAsync(SampleFile sample) =>
        StartAsync(sample, [], "run", $"samples/{sample.Name}.cs");

    private static async Task<SampleRun> StartAsync(
        SampleFile sample, Dictionary<string, string> environment, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", arguments)
        {
            WorkingDirectory = Repository.Root,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            // 3.5 and not 3,5, wherever the tests run. Without cultures the compiler warns of any language that it is told to speak, and
            // the dotnet command hands on by two names what it was told.
            Environment = { ["DOTNET_SYSTEM_GLOBALIZATION_INVARIANT"] = "1", ["DOTNET_CLI_UI_LANGUAGE"] = null, ["PreferredUILang"] = null },
        };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        using var patience = new CancellationTokenSource(s_patience);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(patience.Token);
            var errors = process.StandardError.ReadToEndAsync(patience.Token);
            if (File.Exists(sample.Input))
            {
                await process.StandardInput.WriteAsync(await File.ReadAllTextAsync(sample.Input));
            }

            process.StandardInput.Close();
            await process.WaitForExitAsync(patience.Token);
            return new SampleRun(process.ExitCode, Printed.Trim(await output), await errors);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{sample.Name} still runs after {s_patience.TotalSeconds} s.");
        }
    }
}
