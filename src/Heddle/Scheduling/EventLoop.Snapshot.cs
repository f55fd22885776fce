namespace Heddle;

/// <content>Looking at what runs.</content>
public sealed partial class EventLoop
{
    /// <summary>The tasks as they stand now: who awaits whom, in which methods, and for what. Loop thread only.</summary>
    /// <remarks>
    /// Made by looking, so it costs nothing until it is asked for: time and memory for each task and each coroutine on its stack.
    /// How long each one has waited is noted only in debug mode (<c>HEDDLE_DEBUG=1</c>).
    /// </remarks>
    /// <exception cref="InvalidOperationException">Called from another thread than the loop's.</exception>
    public LoopSnapshot Snapshot()
    {
        VerifyThread("EventLoop.Snapshot");
        return new TaskTree(this).Take();
    }
}
