namespace Heddle.LowLevel;

/// <summary>Decides which ready task runs next. Implement it to explore other orders in tests.</summary>
/// <remarks>Called on the loop's thread only. Every item that was put in must come out exactly once. None of its members may throw: a task whose item is lost never goes on.</remarks>
public interface IReadyQueue
{
    /// <summary>How many items wait.</summary>
    int Count { get; }

    /// <summary>Takes in an item that became ready.</summary>
    void Enqueue(ReadyItem item);

    /// <summary>Gives out the item to run next. Called only while <see cref="Count"/> is positive.</summary>
    ReadyItem Dequeue();
}
