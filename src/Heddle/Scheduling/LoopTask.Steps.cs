using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using Heddle.LowLevel;

namespace Heddle;

/// <content>How it runs: its steps, and the scopes that its code is in.</content>
public partial class LoopTask
{
    /// <summary>A task that goes on awaiting in a cancelled scope is reported after so many refusals.</summary>
    private const int SwallowedCancellationsToReport = 100;

    /// <summary>Makes it the task of a cold frame.</summary>
    internal void Attach(TaskSet set, CancelScope scope, Frame root, ExecutionContext context)
    {
        Set = set;
        if (!ReferenceEquals(scope, set.Scope))
        {
            _scope = scope;
            HasOwnScope = true;
        }

        root.Parent = null;
        Top = root;
        State = RunnerState.Ready;
        if (!ReferenceEquals(context, Loop.BaseContext))
        {
            _context = context;
        }

        Id = Loop.TaskIds.Next();
    }

    /// <summary>One step: from where the task is to where it waits, yields or ends.</summary>
    /// <param name="loop">The task's, which the caller has at hand.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void RunStep(EventLoop loop)
    {
        if (DebugMode.IsOn)
        {
            loop.Journal!.BeginStep(this);
        }

        MakeCurrent(loop);
        RunFrames();
        SaveContext(loop);
        if (DebugMode.IsOn)
        {
            loop.Journal!.EndStep(this);
        }

        if (State == RunnerState.Ended)
        {
            End(loop);
        }
    }

    /// <summary>Its step threw, which none should: a wait that was beginning fails with that, else the task's stack is given up.</summary>
    internal void BreakStep(EventLoop loop, Exception failure)
    {
        SaveContext(loop);
        if (DebugMode.IsOn)
        {
            loop.Journal!.EndStep(this);
        }

        if (State == RunnerState.Ended)
        {
            loop.Report(LoopReports.CallbackFailed(this, failure));
        }
        else if (State == RunnerState.Running || !Top!.Break(failure))
        {
            GiveUpStack(failure);
            Reschedule(loop);
        }
        else if (State == RunnerState.Suspended)
        {
            Reschedule(loop);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal sealed override void Reschedule() => Reschedule(Loop);

    /// <param name="loop">The task's, for who has it at hand.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Reschedule(EventLoop loop)
    {
        State = RunnerState.Ready;
        loop.Enqueue(this);
    }

    /// <summary>The scope was cancelled: if the task waits in it, that wait ends; one that does not wait meets it at its next suspension.</summary>
    internal void DeliverCancellation(CancelScope scope)
    {
        if (!ReferenceEquals(Scope, scope))
        {
            return;
        }

        if (State == RunnerState.Suspended)
        {
            Top!.TryAbort();
        }
        else if (State == RunnerState.KeptBack)
        {
            EndUnstarted();
        }
    }

    internal override void ReportForgotten(string message) => Loop.Journal!.AddForgotten(LoopReports.NeverAwaited(this, message));

    internal override void ThrowIfCanceled(bool isPosted)
    {
        if (isPosted || Scope.CanceledBy is not null)
        {
            ThrowIfCanceled(isPosted ? Flow.Current.Scope : Scope);
        }
    }

    private void ThrowIfCanceled(CancelScope scope)
    {
        if (scope.CanceledBy is not null)
        {
            CountRefusal();
            throw scope.CreateCancellation();
        }
    }

    /// <summary>The check on entry of what may suspend, in a step of this task or in foreign code of it. It is the current one.</summary>
    internal void ThrowIfCanceled() => ThrowIfCanceled(Loop.OwnThread.Posted is not null);

    /// <summary>Counts a suspension that was refused because the scope is cancelled.</summary>
    internal void CountRefusal()
    {
        if (Refusals < SwallowedCancellationsToReport && ++Refusals == SwallowedCancellationsToReport)
        {
            Loop.Report(LoopReports.SwallowedCancellation(this, Flow.Current.Scope, SwallowedCancellationsToReport));
        }
    }

    /// <summary>Makes this task's code the thread's: current runner, synchronization context, ambient context.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void MakeCurrent(EventLoop loop)
    {
        var thread = loop.OwnThread;
        if (!ReferenceEquals(thread.Runner, this))
        {
            thread.Runner = this;
            SetSynchronizationContext(ContextOfSteps);
        }

        if (!ReferenceEquals(loop.ThreadContext, _context ?? loop.BaseContext) || IsFlowSuppressed)
        {
            RestoreContext();
        }
    }

    private void RestoreContext()
    {
        var context = _context ?? Loop.BaseContext;
        AmbientContext.Restore(context);
        Loop.ThreadContext = context;
        if (IsFlowSuppressed)
        {
            IsFlowSuppressed = false;
            ExecutionContext.SuppressFlow();
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void SaveContext(EventLoop loop)
    {
        // What it was when the step began, and mostly still is.
        var context = ExecutionContext.Capture();
        if (!ReferenceEquals(loop.ThreadContext, context))
        {
            KeepContext(context);
        }
    }

    private void KeepContext(ExecutionContext? context)
    {
        if (context is null)
        {
            // The body suppressed the flow and waits: that must not reach the next task.
            ExecutionContext.RestoreFlow();
            context = ExecutionContext.Capture()!;
            IsFlowSuppressed = true;
        }

        Loop.ThreadContext = context;
        _context = ReferenceEquals(context, Loop.BaseContext) ? null : context;
    }

    /// <summary>The scope that the code is in, which at first is that of the task's set.</summary>
    internal CancelScope Scope
    {
        get => _scope ?? Set.Scope;
        private set => _scope = ReferenceEquals(value, Set.Scope) ? null : value;
    }

    /// <summary>The same for who keeps or hands out the scope: never the one that it shares with the other tasks of its group.</summary>
    internal CancelScope ScopeOfSteps => _scope ?? OwnScope;

    /// <summary>The scope of this task alone; of a task that has ended and had none, the one that took over what it left behind.</summary>
    internal CancelScope OwnScope => IsCompleted ? Scope.StillInForce : EnsureOwnScope();

    /// <summary>The innermost scope that this task's code entered; null while it is in none.</summary>
    internal ScopeContext? EnteredScope => IsInEnteredScope ? _scope!.Context : null;

    /// <summary>What foreign code captures within the task's own steps: the context of the scope that the code entered, if any.</summary>
    internal sealed override SynchronizationContext ContextOfSteps
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _scope is { Context: { } context } && ReferenceEquals(_scope.Host, this) ? context : this;
    }

    /// <summary>Whether the innermost scope is one that this task's code entered.</summary>
    private bool IsInEnteredScope => _scope is { IsTaskScope: false } && ReferenceEquals(_scope.Host, this);

    /// <summary>Goes into a new scope below the current one.</summary>
    internal CancelScope EnterScope(bool isShield = false)
    {
        var scope = new CancelScope(Loop, Scope, isShield) { Host = this };
        Scope = scope;
        scope.Context = new ScopeContext(this, scope);
        SetSynchronizationContext(scope.Context);
        return scope;
    }

    /// <summary>Leaves the scope, which must be the innermost.</summary>
    internal void ExitScope(CancelScope scope)
    {
        Scope = scope.Parent!;
        SetSynchronizationContext(ContextOfSteps);
        scope.Exit();
        if (Scope.CanceledBy is null)
        {
            Refusals = 0;
        }
    }

    /// <summary>Has all that its code is in lie below a scope of its own.</summary>
    internal void NeedOwnScope()
    {
        if (!HasOwnScope)
        {
            EnsureOwnScope();
        }
    }

    /// <summary>The scope of this task alone, made when it is first needed: most tasks are never cancelled one by one.</summary>
    private CancelScope EnsureOwnScope()
    {
        CancelScope? outermost = null;
        for (var scope = Scope; !ReferenceEquals(scope, Set.Scope); scope = scope.Parent!)
        {
            if (scope.IsTaskScope && ReferenceEquals(scope.Host, this))
            {
                return scope;
            }

            outermost = scope;
        }

        var own = new CancelScope(Loop, Set.Scope) { Host = this, IsTaskScope = true };
        HasOwnScope = true;
        if (outermost is null)
        {
            Scope = own;
        }
        else
        {
            outermost.MoveBelow(own);
        }

        return own;
    }

    /// <summary>The outermost scope that is this task's alone; null if it has none.</summary>
    private CancelScope? OutermostOwnScope
    {
        get
        {
            CancelScope? outermost = null;
            for (var scope = _scope; ReferenceEquals(scope?.Host, this); scope = scope.Parent)
            {
                outermost = scope;
            }

            return outermost;
        }
    }

    /// <summary>All that are its own, without another step of it.</summary>
    private void LeaveScopes()
    {
        while (_scope is { } scope && ReferenceEquals(scope.Host, this))
        {
            _scope = scope.Parent;
            scope.Exit();
        }
    }

    internal void ExitOwnScope()
    {
        if (_scope is { IsTaskScope: true } && ReferenceEquals(_scope.Host, this))
        {
            _scope.Exit();
        }
    }

    internal override void Abandon(Frame wait, Exception failure)
    {
        if (!((ForeignWait)wait).TryDisarm())
        {
            // It has called back as well, so the await is over and the task goes on.
            Loop.Report(LoopReports.CallbackFailed(this, failure));
            return;
        }

        GiveUpStack(failure);
        State = RunnerState.Running;
    }

    private void GiveUpStack(Exception failure)
    {
        var root = WindUpAsync(failure).Take();
        root.Parent = null;
        Top = root;
    }

    /// <summary>In the place of the stack: cancels what its scopes hold, waits for it, and fails.</summary>
    private async Coroutine WindUpAsync(Exception failure)
    {
        while (IsInEnteredScope)
        {
            var scope = Scope;
            scope.CancelCore($"{Describe()} cannot go on: {failure.Message}");
            if (scope.TaskSet is { } tasks)
            {
                await tasks.Owner!.WindUpAsync();
            }

            await scope.CloseResourcesAsync(isFailing: true);
            ExitScope(scope);
        }

        ExceptionDispatchInfo.Throw(failure);
    }
}
