namespace Heddle.Benchmarks.Sides.OnTask;

static class TaskFreeLock
{
    public static async Task MeasureAsync(int count)
    {
        using var gate = new SemaphoreSlim(1);
        for (int i = 0; i < count; i++)
        {
            await gate.WaitAsync();
            gate.Release();
        }
    }
}
