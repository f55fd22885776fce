namespace Heddle.Benchmarks.Sides.OnHeddle;

/// <summary>Tasks are started in a group, as they are in programs.</summary>
static class HeddleSpawnJoin
{
    public static Coroutine OneByOneAsync(int count) => TaskGroup.RunAsync(async group =>
    {
        for (int i = 0; i < count; i++)
            await group.Start(OneAsync());
    });

    public static Coroutine ThousandAsync(int count) => TaskGroup.RunAsync(async group =>
    {
        var tasks = new LoopTask<int>[1000];
        for (int round = 0; round < count / tasks.Length; round++)
        {
            for (int i = 0; i < tasks.Length; i++)
                tasks[i] = group.Start(OneAsync());
            foreach (LoopTask<int> task in tasks)
                await task;
        }
    });

#pragma warning disable CS1998 // the spawned task awaits nothing
    static async Coroutine<int> OneAsync() => 1;
#pragma warning restore CS1998
}
