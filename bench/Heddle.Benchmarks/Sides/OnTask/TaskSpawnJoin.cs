namespace Heddle.Benchmarks.Sides.OnTask;

static class TaskSpawnJoin
{
    static readonly Func<Task<int>> One = OneAsync;

    public static async Task OneByOneAsync(ITaskHost host, int count)
    {
        for (int i = 0; i < count; i++)
            await host.Spawn(One);
    }

    public static async Task ThousandAsync(ITaskHost host, int count)
    {
        var tasks = new Task<int>[1000];
        for (int round = 0; round < count / tasks.Length; round++)
        {
            for (int i = 0; i < tasks.Length; i++)
                tasks[i] = host.Spawn(One);
            foreach (Task<int> task in tasks)
                await task;
        }
    }

#pragma warning disable CS1998 // the spawned task awaits nothing
    static async Task<int> OneAsync() => 1;
#pragma warning restore CS1998
}
