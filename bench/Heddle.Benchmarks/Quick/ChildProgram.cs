using System.ComponentModel;
using System.Diagnostics;

namespace Heddle.Benchmarks.Quick;

/// <summary>Runs a program to its end and returns what it printed.</summary>
static class ChildProgram
{
    static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    /// <summary>False, with the reason as output, if it cannot start, fails or takes too long.</summary>
    public static bool TryRun(PeerCommand command, out string output)
    {
        var start = new ProcessStartInfo(command.FileName, command.Arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach ((string name, string value) in command.Environment)
            start.Environment[name] = value;
        try
        {
            using Process process = Process.Start(start)!;
            Task<string> standardOutput = process.StandardOutput.ReadToEndAsync();
            Task<string> standardError = process.StandardError.ReadToEndAsync();
            if (!process.WaitForExit(Limit))
            {
                process.Kill(entireProcessTree: true);
                output = $"took longer than {Limit.TotalSeconds} s";
                return false;
            }
            output = process.ExitCode == 0 ? standardOutput.Result : standardError.Result.Trim();
            return process.ExitCode == 0;
        }
        catch (Win32Exception problem)
        {
            output = problem.Message;
            return false;
        }
    }
}
