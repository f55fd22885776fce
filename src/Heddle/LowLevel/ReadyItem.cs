namespace Heddle.LowLevel;

/// <summary>One turn that the loop owes: a task's next step, or something the loop does between steps.</summary>
public readonly struct ReadyItem
{
    internal ReadyItem(object target) => Target = target;

    /// <summary>The task whose step this is; null for what the loop does between steps.</summary>
    public LoopTask? Task => Target as LoopTask;

    internal object Target { get; }
}
