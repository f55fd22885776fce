using System.Diagnostics;
using System.Text;

namespace Heddle.Samples.Tests;

/// <summary>What a sample did in a process of its own.</summary>
internal sealed record SampleRun(int ExitCode, string Output, string Errors)
{
    private const int MostOutput = 1_000_000;

    // Long enough for a loaded machine; a sample itself waits for a second at most.
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);

    private static readonly Dictionary<string, string> s_shortLived = new() { [ShortLived.Variable] = ShortLived.Value };

    /// <summary>
    /// Compiles the sample in this process and runs it beside this suite's own assemblies, which are all that samples
    /// use: 3 seconds less than <c>dotnet run</c> takes for each.
    /// </summary>
    public static async Task<SampleRun> CompiledAsync(SampleFile sample) =>
        await RunAsync(await CompileAsync(sample, sample.Name), await InputAsync(sample));

    /// <summary>The sample's program; two tests that run at once need two names for it.</summary>
    public static async Task<string> CompileAsync(SampleFile sample, string name)
    {
        var tree = ProgramCompiler.Parse(await File.ReadAllTextAsync(sample.Code), sample.Code);
        var program = Path.Combine(AppContext.BaseDirectory, $"{name}.dll");
        await File.WriteAllBytesAsync(program, ProgramCompiler.Compile(tree, name, sample.Assemblies));
        return program;
    }

    /// <summary>Runs a compiled sample, and types something, after which its input is at its end.</summary>
    public static Task<SampleRun> RunAsync(string program, string input)
    {
        var suite = Path.ChangeExtension(typeof(SampleRun).Assembly.Location, null);
        return StartAsync(
            input, s_shortLived, "exec", "--runtimeconfig", $"{suite}.runtimeconfig.json", "--depsfile", $"{suite}.deps.json", program);
    }

    /// <summary>Does what a user does.</summary>
    public static async Task<SampleRun> ByDotnetRunAsync(SampleFile sample) =>
        await StartAsync(await InputAsync(sample), [], "run", $"samples/{sample.Name}.cs");

    private static async Task<string> InputAsync(SampleFile sample) =>
        File.Exists(sample.Input) ? await File.ReadAllTextAsync(sample.Input) : "";

    private static async Task<SampleRun> StartAsync(
        string input, Dictionary<string, string> environment, params string[] arguments)
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
            var output = ReadAsync(process.StandardOutput, patience.Token);
            var errors = ReadAsync(process.StandardError, patience.Token);
            await process.StandardInput.WriteAsync(input);
            process.StandardInput.Close();
            // One that prints without end is not waited for.
            foreach (var text in new[] { output, errors })
            {
                await text;
            }

            await process.WaitForExitAsync(patience.Token);
            return new SampleRun(process.ExitCode, Printed.Trim(await output), await errors);
        }
        catch (Exception failure) when (failure is OperationCanceledException or InvalidDataException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException(
                $"'dotnet {string.Join(' ', arguments)}' still ran after {s_patience.TotalSeconds} s, or {failure.Message}.", failure);
        }
    }

    private static async Task<string> ReadAsync(StreamReader reader, CancellationToken patience)
    {
        var (text, piece) = (new StringBuilder(), new char[4096]);
        while (await reader.ReadAsync(piece, patience) is > 0 and var length)
        {
            text.Append(piece, 0, length);
            if (text.Length > MostOutput)
            {
                throw new InvalidDataException($"printed more than {MostOutput} characters");
            }
        }

        return text.ToString();
    }
}
