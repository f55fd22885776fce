namespace Heddle;

/// <summary>The loop's own tasks: a failure of one harms no other and reaches the handler if nobody awaits it.</summary>
internal sealed class RootTaskSet(CancelScope scope) : TaskSet(scope)
{
    /// <summary>Nobody owns the root.</summary>
    internal override Coroutine WindUpAsync() => throw new System.Diagnostics.UnreachableException();

    protected override void OnEnded(LoopTask task)
    {
        if (task.IsFaulted)
        {
            Loop.Unobserved.Watch(task);
        }
    }
}
