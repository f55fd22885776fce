using System.Diagnostics;

namespace Heddle.Docs.Tests;

/// <summary>The Python of this machine; a test that uses it is skipped where there is none, or one before 3.11.</summary>
internal static class Python
{
    private const string Why = "it checks the Python in the documents";

    // Long enough for a loaded machine; the programs of the documents wait for milliseconds.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private static readonly Lazy<bool> s_isNewEnough = new(() =>
        Start("import sys; print(sys.version_info >= (3, 11))", "-").Trim() == "True");

    /// <summary>Runs a program that reads the input, and returns what it printed. Throws when it fails.</summary>
    public static string Run(string input, params string[] arguments)
    {
        Peer.Require("python3", Why);
        Assert.SkipUnless(s_isNewEnough.Value, "The documents compare with Python 3.11, and this one is older.");
        return Start(input, arguments);
    }

    private static string Start(string input, params string[] arguments)
    {
        var start = new ProcessStartInfo(Peer.Require("python3", Why), arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["PYTHONUTF8"] = "1" },
        };
        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        process.StandardInput.Write(input);
        process.StandardInput.Close();
        if (!process.WaitForExit(s_patience))
        {
            process.Kill();
            Assert.Fail($"Python still runs after {s_patience.TotalSeconds} s.");
        }

        Assert.Equal("", errors.GetAwaiter().GetResult());
        Assert.Equal(0, process.ExitCode);
        return output.GetAwaiter().GetResult();
    }
}
