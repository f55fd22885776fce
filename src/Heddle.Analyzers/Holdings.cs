namespace Heddle.Analyzers;

/// <summary>Which coroutines the holders, locals and values of the graph, may have at one point of a body.</summary>
internal sealed class Holdings
{
    private readonly Dictionary<object, HashSet<IOperation>> _byHolder = new();

    internal IEnumerable<IOperation> Of(object holder) => _byHolder.TryGetValue(holder, out var held) ? held : [];

    internal void Clear(object holder) => _byHolder.Remove(holder);

    internal bool Add(object holder, IEnumerable<IOperation> coroutines)
    {
        var changed = false;
        foreach (var coroutine in coroutines)
        {
            if (!_byHolder.TryGetValue(holder, out var held))
            {
                _byHolder.Add(holder, held = new());
            }

            changed |= held.Add(coroutine);
        }

        return changed;
    }

    internal bool Add(Holdings other) =>
        other._byHolder.Aggregate(false, (changed, entry) => Add(entry.Key, entry.Value) | changed);
}
