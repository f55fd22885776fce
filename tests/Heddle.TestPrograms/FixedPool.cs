namespace Heddle.TestPrograms;

/// <summary>A thread pool that has all its threads from the start, and starts no more, since a thread takes a descriptor.</summary>
internal static class FixedPool
{
    internal static async Task StartAsync()
    {
        const int Threads = 8;
        ThreadPool.SetMinThreads(Threads, Threads);
        ThreadPool.SetMaxThreads(Threads, Threads);
        using var all = new Barrier(Threads);
        await Task.WhenAll(Enumerable.Range(0, Threads).Select(_ => Task.Run(all.SignalAndWait, CancellationToken.None)));
    }
}
