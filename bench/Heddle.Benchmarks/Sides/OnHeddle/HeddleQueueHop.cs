namespace Heddle.Benchmarks.Sides.OnHeddle;

static class HeddleQueueHop
{
    public static Coroutine MeasureAsync(int count) => TaskGroup.RunAsync(async group =>
    {
        int roundTrips = count / 2;
        var there = new AsyncQueue<int>(1);
        var back = new AsyncQueue<int>(1);
        LoopTask echo = group.Start(EchoAsync(there, back, roundTrips));
        for (int i = 0; i < roundTrips; i++)
        {
            await there.PutAsync(i);
            await back.GetAsync();
        }
        await echo;
    });

    static async Coroutine EchoAsync(AsyncQueue<int> from, AsyncQueue<int> to, int roundTrips)
    {
        for (int i = 0; i < roundTrips; i++)
            await to.PutAsync(await from.GetAsync());
    }
}
