namespace Heddle;

/// <summary>What foreign code captures inside a scope: what it posts goes on in that scope, wherever the task is by then.</summary>
internal sealed class ScopeContext : SynchronizationContext
{
    private readonly LoopTask _task;
    private readonly CancelScope _scope;

    internal ScopeContext(LoopTask task, CancelScope scope)
    {
        _task = task;
        _scope = scope;
        SetWaitNotificationRequired();
    }

    internal CancelScope Scope => _scope.StillInForce;

    public override void Post(SendOrPostCallback d, object? state) => _task.PostTo(this, d, state);

    public override void Send(SendOrPostCallback d, object? state) => _task.SendTo(this, d, state);

    public override SynchronizationContext CreateCopy() => this;

    public override int Wait(IntPtr[] waitHandles, bool waitAll, int millisecondsTimeout)
        => _task.Wait(waitHandles, waitAll, millisecondsTimeout);
}
