namespace Heddle.Benchmarks.Sides.OnHeddle;

static class HeddleSwitch
{
    public static async Coroutine OneAsync(int count)
    {
        for (int i = 0; i < count; i++)
            await Coroutine.Yield();
    }

    public static Coroutine HundredAsync(int count) => TaskGroup.RunAsync(async group =>
    {
        var strands = new LoopTask[100];
        for (int i = 0; i < strands.Length; i++)
            strands[i] = group.Start(OneAsync(count / 100));
        foreach (LoopTask strand in strands)
            await strand;
    });
}
