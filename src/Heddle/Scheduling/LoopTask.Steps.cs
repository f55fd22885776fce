using System.Runtime.CompilerServices;
using Heddle.LowLevel;

namespace Heddle;

/// <content>How it runs.</content>
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

        Enter(loop);
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
            Yield(loop);
        }
        else if (State == RunnerState.Suspended)
        {
            Yield(loop);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal sealed override void Yield() => Yield(Loop);

    /// <param name="loop">The task's, for who has it at hand.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Yield(EventLoop loop)
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
        var scope = isPosted ? Flow.Current.Scope : Scope;
        if (scope.CanceledBy is not null)
        {
            CountRefusal();
            throw scope.CreateCancellation();
        }
    }

    /// <summary>The check on entry of what may suspend, in a step of this task or in foreign code of it. It is the current one.</summary>
    internal void ThrowIfCanceled() => ThrowIfCanceled(Loop.Entered.Posted is not null);

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
    private void Enter(EventLoop loop)
    {
        var thread = loop.Entered;
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
}
