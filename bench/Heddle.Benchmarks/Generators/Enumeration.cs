using Heddle.Benchmarks.Rows;

namespace Heddle.Benchmarks.Generators;

/// <summary>What is the same for generators and iterators.</summary>
static class Enumeration
{
    public static Sample Measure(Load load, IEnumerable<int> numbers)
    {
        Meter meter = Meter.Start();
        long sum = 0;
        foreach (int number in numbers)
            sum += number;
        Check(sum, load);
        return meter.Stop(load.Operations);
    }

    /// <summary>All of the first numbers must have come.</summary>
    public static void Check(long sum, Load load)
    {
        if (sum != (long)load.Operations * (load.Operations - 1) / 2)
            throw new InvalidOperationException("Something else came out.");
    }
}
