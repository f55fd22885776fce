namespace Heddle.Architecture.Tests;

/// <summary>
/// Which folder of src/Heddle may use which: docs/design.md, section 1. A folder may always use itself; nothing
/// else is implied.
/// </summary>
internal sealed class Layers(IReadOnlyDictionary<string, string[]> mayUse)
{
    public static Layers OfHeddle { get; } = new(new Dictionary<string, string[]>
    {
        // Reports: plain data that every layer may hand out.
        ["Diagnostics"] = [],
        ["Coroutines"] = ["Diagnostics"],
        // One layer in three folders: LowLevel is the door through which others replace or extend Scheduling, and Polling
        // holds the pollers that come with the library.
        ["Scheduling"] = ["Diagnostics", "Coroutines", "LowLevel", "Polling"],
        ["LowLevel"] = ["Diagnostics", "Coroutines", "Scheduling", "Polling"],
        ["Polling"] = ["Diagnostics", "Coroutines", "Scheduling", "LowLevel"],
        ["Structure"] = [.. Core],
        ["Sync"] = [.. Core, "Structure"],
        // Driven by hand: it must not know of the loop.
        ["Generators"] = ["Diagnostics", "Coroutines"],
        ["AsyncGenerators"] = [.. Core, "Structure", "Generators"],
        ["Net"] = [.. Core, "Structure", "Sync", "Generators", "AsyncGenerators"],
        ["Processes"] = [.. Core, "Structure", "Sync", "Generators", "AsyncGenerators", "Net"],
        ["Executors"] = [.. Core, "Structure", "Sync", "Generators", "AsyncGenerators", "Net", "Processes"],
        ["Http"] = [.. Core, "Structure", "Sync", "Generators", "AsyncGenerators", "Net", "Executors"],
    });

    private static string[] Core => ["Diagnostics", "Coroutines", "Scheduling", "LowLevel", "Polling"];

    public bool Has(string layer) => mayUse.ContainsKey(layer);

    public bool Allows(string user, string used) =>
        user == used || (mayUse.TryGetValue(user, out var allowed) && allowed.Contains(used));
}
