// A pipeline of generators goes through a file once: the last stage pulls each number through all of them before it
// asks for the next one. Which numbers of a million have a digit sum divisible by 5 and a ternary form that does not
// end in 00? How many are they, and which is the greatest?
var path = Path.GetTempFileName();
try
{
    var random = new Random(5);
    File.WriteAllLines(path, Enumerable.Range(0, 1_000_000).Select(_ => $"{random.Next(1, 1_000_000)}"));

    var memory = new MemoryGauge();
    var numbers = memory.Watch(File.ReadLines(path).Select(int.Parse));
    var filtered = numbers.Where(x => DigitSum(x) % 5 == 0);
    var result = filtered.Where(x => x % 9 != 0);

    // Nothing has been read so far. The lecture makes a list here, and reads that twice more.
    var (count, max) = result.Aggregate((Count: 0, Max: 0), (seen, x) => (seen.Count + 1, Math.Max(seen.Max, x)));

    Console.WriteLine($"{count} {max}");
    Console.WriteLine(
        $"a file of {new FileInfo(path).Length / 1e6:0.0} MB, "
        + $"with never more than {Math.Ceiling(memory.Peak / 1e5) / 10} MB of memory alive");
}
finally
{
    File.Delete(path);
}

static int DigitSum(int x)
{
    var sum = 0;
    for (; x > 0; x /= 10)
    {
        sum += x % 10;
    }

    return sum;
}

// A stage of the pipeline itself: it passes everything on, and looks at the heap now and then.
sealed class MemoryGauge
{
    private readonly long _before = GC.GetTotalMemory(forceFullCollection: true);

    public long Peak { get; private set; }

    public IEnumerable<T> Watch<T>(IEnumerable<T> source)
    {
        foreach (var (index, item) in source.Index())
        {
            if (index % 50_000 == 0)
            {
                Peak = Math.Max(Peak, GC.GetTotalMemory(forceFullCollection: true) - _before);
            }

            yield return item;
        }
    }
}
