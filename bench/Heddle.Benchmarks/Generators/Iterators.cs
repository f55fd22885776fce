using Heddle.Benchmarks.Rows;

namespace Heddle.Benchmarks.Generators;

/// <summary>What C# has of its own: <c>yield return</c>.</summary>
static class Iterators
{
    public static Side Create() => new("iterator", ".NET " + Environment.Version,
    [
        new("foreach", load => Enumeration.Measure(load, Count(load.Operations)), new(10_000), new(50_000_000)),
        new("foreach_10", load => Enumeration.Measure(load, Nested(10, load.Operations)), new(10_000), new(10_000_000)),
        new("create", MakeMany, new(2_000), new(5_000_000)),
    ]);

    static Sample MakeMany(Load load)
    {
        Meter meter = Meter.Start();
        long sum = 0;
        for (int i = 0; i < load.Operations; i++)
        {
            foreach (int number in One(i))
                sum += number;
        }
        Enumeration.Check(sum, load);
        return meter.Stop(load.Operations);
    }

    static IEnumerable<int> One(int number)
    {
        yield return number;
    }

    static IEnumerable<int> Count(int count)
    {
        for (int i = 0; i < count; i++)
            yield return i;
    }

    // There is no yield from: each level hands every item on.
    static IEnumerable<int> Nested(int depth, int count)
    {
        foreach (int number in depth == 0 ? Count(count) : Nested(depth - 1, count))
            yield return number;
    }
}
