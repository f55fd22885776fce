using System.ComponentModel;
using System.Diagnostics;
using Heddle.LowLevel;

namespace Heddle;

/// <summary>Starts processes by .NET's <see cref="Process"/>.</summary>
internal sealed class PortableStarter : IProcessStarter
{
    public ProcessTransport Start(ProcessStart start)
    {
        var loop = EventLoop.Current;
        if (OperatingSystem.IsLinux())
        {
            ProcessEnd.KeepAll();
        }

        var spawned = NamedPipeStart.Of(start);
        using var files = new PortableFiles(spawned);
        if (start.WorkingDirectory is { } directory && !Directory.Exists(directory))
        {
            throw StartFailures.Of(start, ProcessCalls.ENOENT);
        }

        var process = new Process { StartInfo = InfoOf(spawned) };
        try
        {
            process.Start();
            return new PortableProcess(loop, spawned with { File = start.File }, process, files);
        }
        catch (Win32Exception failure)
        {
            process.Dispose();
            throw FailureOf(start, failure);
        }
    }

    private static ProcessStartInfo InfoOf(ProcessStart start)
    {
        var info = new ProcessStartInfo(OperatingSystem.IsWindows() ? start.File : ProgramSearch.Find(start))
        {
            UseShellExecute = false,
            WorkingDirectory = start.WorkingDirectory ?? "",
            RedirectStandardInput = start.StandardInput.Kind != ProcessStreamKind.Inherit,
            RedirectStandardOutput = start.StandardOutput.Kind != ProcessStreamKind.Inherit,
            RedirectStandardError = start.StandardError.Kind != ProcessStreamKind.Inherit,
        };
        if (OperatingSystem.IsWindows() && start.RawArguments is { } raw)
        {
            info.Arguments = raw;
        }
        else
        {
            foreach (var argument in start.Arguments)
            {
                info.ArgumentList.Add(argument);
            }
        }

        if (start.Environment is { } environment)
        {
            info.Environment.Clear();
            foreach (var (name, value) in environment)
            {
                info.Environment[name] = value;
            }
        }

        return info;
    }

    private static SubprocessException FailureOf(ProcessStart start, Win32Exception failure)
        => OperatingSystem.IsWindows()
            ? new($"Starting '{start.File}' failed: {failure.Message} Check how it is written, or give the path of its file.", start.File, failure.NativeErrorCode, failure)
            : StartFailures.Of(start, failure.NativeErrorCode, ProgramSearch.Find(start));
}
