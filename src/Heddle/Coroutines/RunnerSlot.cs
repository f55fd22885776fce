using Heddle.LowLevel;

namespace Heddle;

/// <summary>Where a thread keeps its current runner.</summary>
/// <remarks>
/// An object and no variable of the thread's own: a loop, which switches runners all the time, has it at hand and saves the
/// look-up. The thread knows it only while there is a current runner.
/// </remarks>
internal sealed class RunnerSlot
{
    [ThreadStatic]
    private static RunnerSlot? t_filled;

    /// <summary>The slot of a runner that is stepped within the step of another, or outside of any.</summary>
    internal RunnerSlot(Runner owner) => Current = owner;

    internal RunnerSlot()
    {
    }

    internal Runner? Current { get; private set; }

    /// <summary>The slot of this thread; null while no runner is current. Who replaces it for a while puts it back.</summary>
    internal static RunnerSlot? OfThread
    {
        get => t_filled;
        set => t_filled = value;
    }

    internal void Fill(Runner runner)
    {
        if (Current is null)
        {
            t_filled = this;
        }

        Current = runner;
    }

    internal void Empty()
    {
        Current = null;
        t_filled = null;
    }
}
