namespace Heddle.Benchmarks.Sides.OnHeddle;

static class HeddleChild
{
    public static async Coroutine MeasureAsync(int count)
    {
        long sum = 0;
        for (int i = 0; i < count; i++)
            sum += await ChildAsync(i);
        if (sum != (long)count * (count - 1) / 2)
            throw new InvalidOperationException("The children returned something else.");
    }

#pragma warning disable CS1998 // the child that completes at once awaits nothing
    static async Coroutine<int> ChildAsync(int value) => value;
#pragma warning restore CS1998
}
