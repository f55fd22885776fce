namespace Heddle.Testing;

/// <summary>What the runs of a search were told must hold, and what has come up in them.</summary>
internal sealed class Properties
{
    private readonly SortedDictionary<string, bool> _sometimes = new(StringComparer.Ordinal);
    private readonly List<Condition> _conditions = [];

    /// <summary>Those that never came up.</summary>
    internal IReadOnlyList<string> NeverTrue => [.. _sometimes.Where(static property => !property.Value).Select(static property => property.Key)];

    internal bool HasConditions => _conditions.Count > 0;

    internal void BeginRun() => _conditions.Clear();

    internal void Always(SimulationRun run, bool condition, string name)
    {
        if (!condition)
        {
            run.Fail(SimulationFailure.OfProperty("Always", name, "is false."));
            throw new PropertyViolatedException(name);
        }
    }

    internal void AddAlways(SimulationRun run, Func<bool> condition, string name)
    {
        _conditions.Add(new(condition, name, IsAlways: true, null));
        Check(run);
    }

    internal void AddEventually(SimulationRun run, Func<bool> condition, string name, TimeSpan? within)
    {
        _conditions.Add(new(condition, name, IsAlways: false, within is { } time ? EventLoop.Current.Now + time : null));
        Check(run);
    }

    internal void Sometimes(bool condition, string name) => _sometimes[name] = condition || (_sometimes.TryGetValue(name, out var was) && was);

    internal void Check(SimulationRun run)
    {
        for (var i = 0; i < _conditions.Count && run.Failure is null; i++)
        {
            var property = _conditions[i];
            if (property.Ask(run) is not { } isTrue)
            {
                return;
            }

            if (property.IsAlways && !isTrue)
            {
                run.Stop(SimulationFailure.OfProperty("Always", property.Name, "is false."));
            }
            else if (!property.IsAlways && isTrue)
            {
                _conditions.RemoveAt(i--);
            }
            else if (!property.IsAlways && property.Until is { } until && EventLoop.Current.Now > until)
            {
                run.Stop(SimulationFailure.OfProperty("Eventually", property.Name, "has not become true in time."));
            }
        }
    }

    /// <summary>The program has ended well, as far as it knows.</summary>
    internal void EndRun(SimulationRun run)
    {
        foreach (var property in _conditions)
        {
            if (property.Ask(run) is { } isTrue && !isTrue)
            {
                run.Fail(property.IsAlways
                    ? SimulationFailure.OfProperty("Always", property.Name, "is false.")
                    : SimulationFailure.OfProperty("Eventually", property.Name, "has not become true by the end of the run."));
            }
        }
    }

    private sealed record Condition(Func<bool> IsTrue, string Name, bool IsAlways, TimeSpan? Until)
    {
        /// <returns>Null if it threw.</returns>
        internal bool? Ask(SimulationRun run)
        {
            try
            {
                return IsTrue();
            }
            catch (Exception failure)
            {
                run.Stop(SimulationFailure.Of(failure));
                return null;
            }
        }
    }
}

/// <summary>Something is false that a simulated program has said must always be true.</summary>
public sealed class PropertyViolatedException : Exception
{
    internal PropertyViolatedException(string name)
        : base($"\"{name}\" is false, and must always be true.")
    {
    }
}
