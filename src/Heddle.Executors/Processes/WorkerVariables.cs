using System.Globalization;

namespace Heddle;

/// <summary>
/// Variables by which the runtime of a worker is told what it is and what it may take. They are the worker's alone: what it starts is to have those of
/// the program, so their values go with them under other names, and the worker puts them back.
/// </summary>
internal static class WorkerVariables
{
    private const string Hooks = "DOTNET_STARTUP_HOOKS";
    private const string MemoryLimit = "DOTNET_GCHeapHardLimit";

    internal static void Set(IDictionary<string, string?> variables, string? hook, long? memoryLimit)
    {
        if (hook is not null)
        {
            // It does not return, so the program's own hooks, which come after it, are not called in a worker.
            var others = Keep(variables, Hooks);
            variables[Hooks] = others.Length == 0 ? hook : $"{hook}{Path.PathSeparator}{others}";
        }

        if (memoryLimit is { } limit)
        {
            Keep(variables, MemoryLimit);
            variables[MemoryLimit] = limit.ToString("X", CultureInfo.InvariantCulture);
        }
    }

    /// <summary>On the worker: the runtime has read them.</summary>
    internal static void PutBack()
    {
        foreach (var name in (ReadOnlySpan<string>)[Hooks, MemoryLimit])
        {
            if (Environment.GetEnvironmentVariable(KeptName(name)) is { } kept)
            {
                Environment.SetEnvironmentVariable(name, kept.Length == 0 ? null : kept);
                Environment.SetEnvironmentVariable(KeptName(name), null);
            }
        }
    }

    private static string Keep(IDictionary<string, string?> variables, string name)
        => variables[KeptName(name)] = variables.TryGetValue(name, out var value) ? value ?? "" : "";

    private static string KeptName(string name) => $"HEDDLE_KEPT_{name}";
}
