using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Heddle;

/// <summary>How a worker is started: as this very program, which becomes a worker before its <c>Main</c> runs, or in its first line.</summary>
internal static class WorkerCommand
{
    /// <summary>For who reads a list of processes. It makes no worker: nobody reads it.</summary>
    private const string Label = "--heddle-worker";

    /// <summary>Whether this program's Main has called RunWorkerIfAsked, and a worker's will.</summary>
    internal static bool MainAsks { get; set; }

    /// <exception cref="InvalidOperationException">The program would not become a worker.</exception>
    internal static ProcessStartInfo Make(WorkerInvitation invitation, ProcessExecutorOptions options)
    {
        ThrowIfNoWorkerCanBe();
        var start = new ProcessStartInfo(Environment.ProcessPath!)
        {
            UseShellExecute = false,

            // Its input is this end of a pipe that is closed at once: it must not read what is typed for this program.
            RedirectStandardInput = true,
        };
        AddHost(start);
        start.ArgumentList.Add(Label);
        foreach (var (name, value) in options.Environment ?? new Dictionary<string, string?>())
        {
            start.Environment[name] = value;
        }

        invitation.WriteTo(start.Environment);

        // The runtime calls StartupHook.Initialize before Main. In a single file the assembly has no path, and its name will do.
        var self = typeof(WorkerCommand).Assembly;
        WorkerVariables.Set(start.Environment, MainAsks ? null : WorkAssemblies.PathOf(self) ?? self.GetName().Name, options.MemoryLimit);
        return start;
    }

    /// <summary>The <c>dotnet</c> command runs the program's assembly, with the same files beside it as now.</summary>
    private static void AddHost(ProcessStartInfo start)
    {
        if (!Path.GetFileNameWithoutExtension(start.FileName).Equals("dotnet", StringComparison.OrdinalIgnoreCase))
        {
            return;
        }

        start.ArgumentList.Add("exec");
        var references = (AppContext.GetData("APP_CONTEXT_DEPS_FILES") as string)?.Split(';')[0];
        if (references is not null && File.Exists(references))
        {
            start.ArgumentList.Add("--depsfile");
            start.ArgumentList.Add(references);
            var runtime = references.Replace(".deps.json", ".runtimeconfig.json", StringComparison.Ordinal);
            if (File.Exists(runtime))
            {
                start.ArgumentList.Add("--runtimeconfig");
                start.ArgumentList.Add(runtime);
            }
        }

        start.ArgumentList.Add(Path.GetFullPath(Environment.GetCommandLineArgs()[0]));
    }

    private static void ThrowIfNoWorkerCanBe()
    {
        if (WorkerInvitation.IsPending)
        {
            throw new InvalidOperationException(
                $"This process was started as a worker, as its variable {WorkerInvitation.Variable} says, and runs the whole program instead. "
                + "Call ProcessExecutor.RunWorkerIfAsked() first in Main.");
        }

        var hasHooks = RuntimeFeature.IsDynamicCodeSupported
            && !(AppContext.TryGetSwitch("System.StartupHookProvider.IsSupported", out var isOn) && !isOn);
        if (!MainAsks && !hasHooks)
        {
            throw new InvalidOperationException(
                "A trimmed or native program becomes a worker only by itself. Call ProcessExecutor.RunWorkerIfAsked() first in Main, after the functions "
                + "that it runs are registered with WorkRegistry.Add.");
        }

        if (Environment.ProcessPath is null)
        {
            throw new InvalidOperationException("The system does not say which file this program runs, so no worker can be started from it.");
        }
    }
}
