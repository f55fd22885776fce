using Heddle.Benchmarks.Rows;
using Heddle.LowLevel;

namespace Heddle.Benchmarks.Sides.OnHeddle;

static class HeddleTimer
{
    public static async Coroutine<Sample> MeasureAsync(Load load)
    {
        LoopTimer[] live = AddLive(load.Live);
        Sample sample = await HeddleSide.MeasureAsync(load, AddAndCancelAsync);
        foreach (LoopTimer one in live)
            one.Cancel();
        return sample;
    }

    public static LoopTimer[] AddLive(int count)
    {
        var timers = new LoopTimer[count];
        for (int i = 0; i < count; i++)
        {
            timers[i] = new LoopTimer(EventLoop.Current, Never);
            timers[i].Schedule(Delays.At(i));
        }
        return timers;
    }

    public static async Coroutine AddAndCancelAsync(int count)
    {
        var timer = new LoopTimer(EventLoop.Current, Never);
        for (int block = 0; block < count; block += 1000)
        {
            for (int i = block; i < block + 1000; i++)
            {
                timer.Schedule(Delays.At(i));
                timer.Cancel();
            }
            await Coroutine.Yield();
        }
    }

    static void Never() => throw new InvalidOperationException("A timer of this benchmark fired.");
}
