using System.Collections.Concurrent;

namespace Heddle.Orleans;

/// <summary>
/// The threads on which a silo runs functions, in the order of the calls' coming. They are of its own: functions that block or compute would
/// starve the thread pool, and a silo that does not answer in time is taken for dead.
/// </summary>
internal sealed class SiloThreads
{
    private readonly BlockingCollection<SiloCall> _calls = [];

    internal SiloThreads(int count)
    {
        Count = count;
        for (var number = 1; number <= count; number++)
        {
            new Thread(Work) { IsBackground = true, Name = $"Heddle silo {number}" }.UnsafeStart();
        }
    }

    internal int Count { get; }

    internal void Add(SiloCall call) => _calls.Add(call);

    /// <summary>Lets each thread end that has nothing to do.</summary>
    internal void Close() => _calls.CompleteAdding();

    private void Work()
    {
        foreach (var call in _calls.GetConsumingEnumerable())
        {
            call.Run();
        }
    }
}
