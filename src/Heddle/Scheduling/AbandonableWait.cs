using Heddle.LowLevel;

namespace Heddle;

/// <summary>A wait for a foreign task that can be abandoned. One-shot: never pooled, so a late completion finds only this, its own, wait.</summary>
internal sealed class AbandonableWait<T> : Suspension<T>, ILoopItem
{
    private readonly Task _task;
    private readonly Func<Task, T> _getResult;
    private EventLoop? _loop;
    private Exception? _failure;

    internal AbandonableWait(Task task, Func<Task, T> getResult)
    {
        _task = task;
        _getResult = getResult;
        Status = FrameStatus.Cold;
    }

    bool ILoopItem.OnlyWakes => true;

    void ILoopItem.Run() => Arrive();

    /// <summary>The task that waits has ended with its loop.</summary>
    void ILoopItem.Drop()
    {
    }

    /// <summary>The task has ended, and the loop has heard of it.</summary>
    private void Arrive()
    {
        if (Status != FrameStatus.Running)
        {
            return;
        }

        _loop!.EndForeignWait();
        if (TryGetResult())
        {
            Resume();
        }
        else
        {
            ResumeFailed();
        }
    }

    internal override string Describe() => $"something foreign that can be abandoned ({_task.GetType().Name.Split('`')[0]})";

    protected override bool Begin()
    {
        if (_task.IsCompleted)
        {
            if (!TryGetResult())
            {
                FailAtOnce();
            }

            return true;
        }

        _loop = Runner.Loop;
        _loop.BeginForeignWait();
        var context = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(DirectContext.Instance);
        _task.GetAwaiter().UnsafeOnCompleted(OnCompleted);
        SynchronizationContext.SetSynchronizationContext(context);
        return false;
    }

    protected override Exception OwnFailure => _failure!;

    protected override bool Abort()
    {
        _loop!.EndForeignWait();
        return true;
    }

    /// <summary>Any thread.</summary>
    private void OnCompleted()
    {
        if (_loop!.IsOnThread)
        {
            Arrive();
        }
        else
        {
            _loop.EnterFromOutside(this);
        }
    }

    private bool TryGetResult()
    {
        try
        {
            _task.GetAwaiter().GetResult();
            Value = _getResult(_task);
            return true;
        }
        catch (Exception failure)
        {
            _failure = failure;
            return false;
        }
    }
}
