using Heddle.Benchmarks.Rows;

namespace Heddle.Benchmarks.Sides.OnTask;

static class TaskTimer
{
    public static async Task<Sample> MeasureAsync(Load load)
    {
        Timer[] live = AddLive(load.Live);
        Sample sample = await TaskSide.MeasureAsync(load, AddAndCancelAsync);
        foreach (Timer one in live)
            one.Dispose();
        return sample;
    }

    public static Timer[] AddLive(int count)
    {
        var timers = new Timer[count];
        for (int i = 0; i < count; i++)
            timers[i] = new Timer(Never, null, Delays.At(i), Timeout.InfiniteTimeSpan);
        return timers;
    }

    public static async Task AddAndCancelAsync(int count)
    {
        using var timer = new Timer(Never);
        for (int block = 0; block < count; block += 1000)
        {
            for (int i = block; i < block + 1000; i++)
            {
                timer.Change(Delays.At(i), Timeout.InfiniteTimeSpan);
                timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            }
            await Task.Yield();
        }
    }

    static void Never(object? state) => throw new InvalidOperationException("A timer of this benchmark fired.");
}
