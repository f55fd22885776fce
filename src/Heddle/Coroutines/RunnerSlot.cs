using Heddle.LowLevel;

namespace Heddle;

/// <summary>Where a thread keeps its current runner.</summary>
/// <remarks>An object and no variable of the thread's own: a loop, which switches runners all the time, keeps it and saves the look-up.</remarks>
internal sealed class RunnerSlot
{
    [ThreadStatic]
    private static RunnerSlot? t_ofThread;

    internal Runner? Current;

    internal static RunnerSlot? OfThread => t_ofThread;

    internal static RunnerSlot MakeForThread() => t_ofThread ??= new RunnerSlot();
}
