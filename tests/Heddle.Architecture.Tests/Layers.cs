namespace Heddle.Architecture.Tests;

/// <summary>
/// Which folder of src/Heddle may use which: docs/design.md, section 1. A folder may always use itself; nothing
/// else is implied, so that the table shows every arrow there is.
/// </summary>
internal sealed class Layers(IReadOnlyDictionary<string, string[]> mayUse)
{
    public static Layers OfHeddle { get; } = new(new Dictionary<string, string[]>
    {
        // Reports: plain data that every layer may hand out.
        ["Diagnostics"] = [],
        ["Coroutines"] = ["Diagnostics"],
        ["Scheduling"] = ["Diagnostics", "Coroutines"],
        ["Structure"] = ["Diagnostics", "Coroutines", "Scheduling"],
        ["Sync"] = ["Diagnostics", "Coroutines", "Scheduling", "Structure"],
        ["Generators"] = ["Diagnostics", "Coroutines"],
        ["Net"] = ["Diagnostics", "Coroutines", "Scheduling", "Structure", "Sync", "Generators"],
        ["Processes"] = ["Diagnostics", "Coroutines", "Scheduling", "Structure", "Sync", "Generators", "Net"],
        ["Executors"] = ["Diagnostics", "Coroutines", "Scheduling", "Structure", "Sync", "Generators", "Net", "Processes"],
        ["Http"] = ["Diagnostics", "Coroutines", "Scheduling", "Structure", "Sync", "Generators", "Net", "Executors"],
    });

    public bool Has(string layer) => mayUse.ContainsKey(layer);

    public bool Allows(string user, string used) =>
        user == used || (mayUse.TryGetValue(user, out var allowed) && allowed.Contains(used));
}
