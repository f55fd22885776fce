namespace Heddle.Benchmarks.Sides.OnTask;

static class TaskChild
{
    public static async Task MeasureAsync(int count)
    {
        long sum = 0;
        for (int i = 0; i < count; i++)
            sum += await ChildAsync(i);
        if (sum != (long)count * (count - 1) / 2)
            throw new InvalidOperationException("The children returned something else.");
    }

    // A result that varies: for a handful of small numbers the BCL hands out cached tasks.
#pragma warning disable CS1998 // the child that completes at once awaits nothing
    static async Task<int> ChildAsync(int value) => value;
#pragma warning restore CS1998
}
