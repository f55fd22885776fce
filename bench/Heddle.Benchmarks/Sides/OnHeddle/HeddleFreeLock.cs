namespace Heddle.Benchmarks.Sides.OnHeddle;

static class HeddleFreeLock
{
    public static async Coroutine MeasureAsync(int count)
    {
        var gate = new AsyncLock();
        for (int i = 0; i < count; i++)
        {
            using (await gate.LockAsync())
            {
            }
        }
    }
}
