using System.Diagnostics;

namespace Heddle;

/// <summary>The tasks of a loop at one moment: who awaits whom, and for what.</summary>
/// <remarks>Plain data: it stays as it is, and may be read on any thread. Each task stands in it once.</remarks>
[DebuggerDisplay("{Name,nq}, {Count} tasks")]
public sealed class LoopSnapshot
{
    internal LoopSnapshot(string name, TimeSpan at, IReadOnlyList<TaskSnapshot> tasks, int count)
    {
        Name = name;
        At = at;
        Tasks = tasks;
        Count = count;
    }

    /// <summary>The loop's name.</summary>
    public string Name { get; }

    /// <summary>When it was taken, by the loop's clock.</summary>
    public TimeSpan At { get; }

    /// <summary>The tasks that stand below no other, in the order of their start.</summary>
    public IReadOnlyList<TaskSnapshot> Tasks { get; }

    /// <summary>How many tasks there are, those below others included.</summary>
    public int Count { get; }

    /// <summary>The tree of tasks, one a line.</summary>
    public override string ToString() => string.Join('\n', Tasks.Select(task => task.ToTree()));
}
