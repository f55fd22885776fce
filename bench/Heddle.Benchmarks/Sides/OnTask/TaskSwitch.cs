namespace Heddle.Benchmarks.Sides.OnTask;

static class TaskSwitch
{
    public static async Task<int> OneAsync(int count)
    {
        for (int i = 0; i < count; i++)
            await Task.Yield();
        return count;
    }

    public static async Task HundredAsync(ITaskHost host, int count)
    {
        var strands = new Task<int>[100];
        for (int i = 0; i < strands.Length; i++)
            strands[i] = host.Spawn(() => OneAsync(count / 100));
        foreach (Task strand in strands)
            await strand;
    }
}
