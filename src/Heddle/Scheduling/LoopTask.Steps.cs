using System.Runtime.CompilerServices;
using Heddle.LowLevel;

namespace Heddle;

/// <content>How it runs.</content>
public partial class LoopTask
{
    /// <summary>A task that goes on awaiting in a cancelled scope is reported after so many refusals.</summary>
    private const int SwallowedCancellationsToReport = 100;

    /// <summary>Makes it the task of a cold frame.</summary>
    internal void Attach(TaskSet set, CancelScope scope, Frame root, ExecutionContext? context)
    {
        Loop = set.Loop;
        Set = set;
        Scope = scope;
        root.Parent = null;
        Top = root;
        State = RunnerState.Ready;
        _context = context;
        Id = Loop.TaskIds.Next();
    }

    /// <summary>One step: from where the task is to where it waits, yields or ends.</summary>
    internal void RunStep()
    {
        Enter();
        if (Top!.HasEnded)
        {
            State = RunnerState.Ended;
        }
        else
        {
            RunFrames();
        }

        SaveContext();
        if (State == RunnerState.Ended)
        {
            End();
        }
    }

    internal override void Yield()
    {
        State = RunnerState.Ready;
        Loop.Enqueue(this);
    }

    /// <summary>The suspension at the top is over: its awaiter goes on, in a step of its own.</summary>
    internal void ResumeAfter(Frame suspension)
    {
        // Without a parent the suspension is the task's first frame, and the next step ends the task.
        Top = suspension.Parent ?? suspension;
        Yield();
    }

    /// <summary>Delivers a cancellation of the scope to a task that waits; a task that does not meets it at its next suspension.</summary>
    internal void DeliverCancellation()
    {
        if (Scope.CanceledBy is null)
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

    internal override void ThrowIfCanceled()
    {
        if (Scope.CanceledBy is not null)
        {
            CountRefusal();
            throw Scope.CreateCancellation();
        }
    }

    /// <summary>Counts a suspension that was refused because the scope is cancelled.</summary>
    internal void CountRefusal()
    {
        if (Refusals < SwallowedCancellationsToReport && ++Refusals == SwallowedCancellationsToReport)
        {
            Loop.Report(LoopReports.SwallowedCancellation(this, Scope.CanceledBy!, SwallowedCancellationsToReport));
        }
    }

    /// <summary>Makes this task's code the thread's: current runner, synchronization context, ambient context.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Enter()
    {
        if (!ReferenceEquals(Loop.Entered.Runner, this))
        {
            Loop.Entered.Runner = this;
            SetSynchronizationContext(Context);
        }

        if (!ReferenceEquals(Loop.ThreadContext, _context) || IsFlowSuppressed)
        {
            RestoreContext();
        }
    }

    private void RestoreContext()
    {
        AmbientContext.Restore(_context ?? Loop.BaseContext);
        if (IsFlowSuppressed)
        {
            IsFlowSuppressed = false;
            ExecutionContext.SuppressFlow();
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void SaveContext()
    {
        var context = ExecutionContext.Capture();
        if (!ReferenceEquals(_context, context))
        {
            _context = context;
        }

        if (context is null)
        {
            SaveSuppressedContext();
        }

        if (!ReferenceEquals(Loop.ThreadContext, _context))
        {
            Loop.ThreadContext = _context;
        }
    }

    /// <summary>The body suppressed the flow and waits: that must not reach the next task.</summary>
    private void SaveSuppressedContext()
    {
        ExecutionContext.RestoreFlow();
        _context = ExecutionContext.Capture();
        IsFlowSuppressed = true;
    }
}
