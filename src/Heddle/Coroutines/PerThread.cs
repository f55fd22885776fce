using System.Runtime.CompilerServices;
using Heddle.LowLevel;

namespace Heddle;

/// <summary>What a thread keeps for the coroutines that run on it: who runs now, and the free frames.</summary>
/// <remarks>
/// One object and not a thread's variable for each, because finding any of those costs as much as all that is done with it:
/// code that needs several finds them with one look, and a loop, which switches runners all the time, has the object at hand.
/// </remarks>
internal sealed class PerThread
{
    [ThreadStatic]
    private static PerThread? t_this;

    private FreeFrames?[] _free = [];

    /// <summary>That of no thread: no runner is ever current in it.</summary>
    internal static PerThread None { get; } = new();

    /// <summary>That of this thread.</summary>
    internal static PerThread This
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => t_this ?? Create();
    }

    /// <summary>That of this thread; null if nothing of Heddle's was ever used on it.</summary>
    internal static PerThread? OrNull => t_this;

    /// <summary>The runner whose code runs on this thread now.</summary>
    internal Runner? Runner;

    /// <summary>While foreign code of that runner's task runs, between the task's steps: what it was posted to. Null within a step.</summary>
    internal SynchronizationContext? Posted;

    /// <summary>Where the system says how this thread is scheduled; null before it was asked for, and where nobody knows.</summary>
    internal string? Schedule;

    /// <summary>The free frames of a kind.</summary>
    /// <param name="kind">A <see cref="FrameKind{T}.Number"/>.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal FreeFrames FreeFramesOf(int kind)
    {
        var all = _free;
        return (uint)kind < (uint)all.Length && all[kind] is { } free ? free : Add(kind);
    }

    private FreeFrames Add(int kind)
    {
        if (kind >= _free.Length)
        {
            Array.Resize(ref _free, Math.Max(kind + 1, _free.Length * 2));
        }

        return _free[kind] = new FreeFrames(this);
    }

    private static PerThread Create() => t_this = new PerThread();
}
