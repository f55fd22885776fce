namespace Heddle.LowLevel;

/// <summary>One turn that the loop owes: a task's next step, or something the loop does between steps.</summary>
public readonly struct ReadyItem
{
    private readonly LoopAction? _action;

    internal ReadyItem(LoopTask task) => Task = task;

    internal ReadyItem(LoopAction action) => _action = action;

    /// <summary>The task whose step this is; null for what the loop does between steps.</summary>
    public LoopTask? Task { get; }

    internal LoopAction Action => _action!;
}
