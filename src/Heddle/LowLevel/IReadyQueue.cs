namespace Heddle.LowLevel;

/// <summary>Decides which ready task has the next turn. Implement it to explore other orders in tests.</summary>
/// <remarks>
/// Called on the loop's thread only. Callbacks do not come by here: they run in the order in which they were posted. Of one that throws, or gives
/// out a task that it was not given, the loop thinks no more: it says so, and goes on first come, first served.
/// </remarks>
public interface IReadyQueue
{
    /// <summary>Takes in a task that became ready. It is in here once, until it is given out.</summary>
    void Enqueue(LoopTask task);

    /// <summary>Gives out the task whose step is next. Called once for each that was taken in.</summary>
    /// <returns>Null lets the turn go by: the queue has let go of a task that was dropped (see <see cref="LoopWork"/>).</returns>
    LoopTask? Dequeue();
}
