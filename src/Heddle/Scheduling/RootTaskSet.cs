namespace Heddle;

/// <summary>The loop's own tasks: a failure of one harms no other and reaches the handler if nobody awaits it.</summary>
internal sealed class RootTaskSet(CancelScope scope) : TaskSet(scope)
{
    internal override void OnEnded(LoopTask task)
    {
        if (task.IsFaulted)
        {
            Loop.Unobserved.Watch(task);
        }
    }
}
