using System.Diagnostics;
using System.Text.Json;

namespace Heddle.Tests.Generators.Twins;

/// <summary>CPython, which runs any number of programs in one process.</summary>
internal static class PythonTwin
{
    public static async Task<string[][]> RunAsync(IReadOnlyList<PythonProgram> programs, CancellationToken token)
    {
        var python = Peer.Require("python3", "it is what Heddle's generators are compared with");
        var twin = Path.Combine(Repository.Root, "tests/Heddle.Tests/Generators/Twins/twin.py");
        using var process = Process.Start(new ProcessStartInfo(python, ["-B", "-X", "utf8", twin])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var output = process.StandardOutput.ReadToEndAsync(token);
        var errors = process.StandardError.ReadToEndAsync(token);
        await JsonSerializer.SerializeAsync(process.StandardInput.BaseStream, programs, cancellationToken: token);
        process.StandardInput.Close();
        await process.WaitForExitAsync(token);
        Assert.True(process.ExitCode == 0, await errors);
        return JsonSerializer.Deserialize<string[][]>(await output)!;
    }
}
