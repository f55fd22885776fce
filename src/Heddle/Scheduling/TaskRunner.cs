using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Heddle;

/// <summary>What runs a task: its logical stack, its scope, its ambient context, its place among its group's tasks.</summary>
/// <remarks>
/// It is apart from <see cref="LoopTask"/>, the handle, so that everything here can go when the task has ended.
/// All members are for the loop's thread, but for <see cref="Post"/> and <see cref="Send"/>.
/// </remarks>
internal sealed partial class TaskRunner : Runner
{
    /// <summary>A task that goes on awaiting in a cancelled scope is reported after so many refusals.</summary>
    private const int SwallowedCancellationsToReport = 100;

    internal readonly EventLoop Loop;
    internal readonly LoopTask Handle;
    internal readonly TaskSet Set;
    internal CancelScope Scope;
    internal TaskRunner? Next;
    internal TaskRunner? Previous;
    private ExecutionContext? _context;

    internal TaskRunner(LoopTask handle, TaskSet set, CancelScope scope, Frame root, ExecutionContext? context)
    {
        Loop = set.Loop;
        Handle = handle;
        Set = set;
        Scope = scope;
        root.Parent = null;
        Top = root;
        State = RunnerState.Ready;
        _context = context;
        SetWaitNotificationRequired();
    }


    internal static new TaskRunner? Current => Runner.Current as TaskRunner;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static TaskRunner CurrentOrThrow()
    {
        if (Runner.Current is not TaskRunner runner)
        {
            Misuse.ThrowNoLoop();
            return null;
        }

        return runner;
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
            Loop.Report(LoopReports.SwallowedCancellation(Handle, Scope.CanceledBy!, SwallowedCancellationsToReport));
        }
    }

    internal override void Abandon(Exception failure)
    {
        Top = EndedFrame<Nothing>.Failed(failure);
        Top.Status = FrameStatus.Failed;
        State = RunnerState.Ended;
    }

    /// <summary>Ends a task that was kept back and never had its first step.</summary>
    internal void EndUnstarted()
    {
        var root = Top!;
        Top = null;
        State = RunnerState.Ended;
        Set.Remove(this);
        Handle.CompleteUnstarted(this, root);
    }

    private void End()
    {
        var root = Top!;
        Top = null;
        Set.Remove(this);
        Handle.Complete(this, root);
    }

    /// <summary>Makes this task's code the thread's: current runner, synchronization context, ambient context.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Enter()
    {
        if (!ReferenceEquals(Loop.Entered, this))
        {
            Loop.Entered = this;
            Runner.Current = this;
            SetSynchronizationContext(this);
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
