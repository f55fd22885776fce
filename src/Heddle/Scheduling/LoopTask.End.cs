using System.Runtime.CompilerServices;
using Heddle.LowLevel;

namespace Heddle;

/// <content>How it ends.</content>
public partial class LoopTask
{
    internal void MarkObserved() => _isObserved = true;

    internal void AddJoiner(JoinFrame joiner) => _joiners.Add(joiner);

    internal void RemoveJoiner(JoinFrame joiner) => _joiners.Remove(joiner);

    /// <summary>Ends a task that was kept back and never had its first step.</summary>
    internal void EndUnstarted()
    {
        var root = Leave();
        HasRun = false;
        var callbacks = (Action<LoopTask>?)_callbacksOrFailure;
        _state = TaskState.Canceled;
        _callbacksOrFailure = Scope.CreateCancellation();
        root.Recycle(Loop.Entered);
        Finish(Loop, callbacks);
    }

    /// <summary>The first frame has ended: keeps how, tells the set, wakes who waits.</summary>
    /// <remarks>Not inlined: the pass, in whose loop a step is, is faster when it is small.</remarks>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void End(EventLoop loop)
    {
        if (HasHeldResources)
        {
            CloseResourcesAndEnd();
            return;
        }

        var root = Leave();
        var callbacks = (Action<LoopTask>?)_callbacksOrFailure;
        _callbacksOrFailure = null;
        if (root.HasSucceeded)
        {
            _state = TaskState.Succeeded;
        }
        else
        {
            var failure = Scope.Attribute(root.GetFailure());
            _state = Scope.IsCancellation(failure) ? TaskState.Canceled : TaskState.Failed;
            _callbacksOrFailure = failure;
        }

        LetGo(root);
        Finish(loop, callbacks);
    }

    /// <summary>The first frame has ended: keeps its value, if it is of use, and gives it back, since nobody else reads it.</summary>
    private protected virtual void LetGo(Frame root) => root.Recycle(Loop.Entered);

    private Frame Leave()
    {
        var root = Top!;
        Top = null;
        State = RunnerState.Ended;
        Set.Remove(this);
        return root;
    }

    private void Finish(EventLoop loop, Action<LoopTask>? callbacks)
    {
        ExitOwnScope();

        // The handle may be kept for long; what the task's code wrote to an AsyncLocal should not be.
        _context = null;
        _isObserved |= !_joiners.IsEmpty;
        Set.NoteEnd(this);
        while (_joiners.TakeFirst() is { } joiner)
        {
            // Nothing else stands in this line, and all of the same loop.
            Unsafe.As<JoinFrame>(joiner).OnTaskEnded(IsCompletedSuccessfully, loop);
        }

        if (callbacks is not null)
        {
            Enqueue(callbacks);
        }
    }

    private void Enqueue(Action<LoopTask> callbacks)
    {
        foreach (var callback in Delegate.EnumerateInvocationList(callbacks))
        {
            Loop.Enqueue(new CompletionCallback(Loop, this, callback));
        }
    }

    private sealed class CompletionCallback(EventLoop loop, LoopTask task, Action<LoopTask> callback) : ILoopItem
    {
        public void Run()
        {
            try
            {
                callback(task);
            }
            catch (Exception failure)
            {
                loop.Report(LoopReports.CallbackFailed(task, failure));
            }
        }

        public void Drop()
        {
        }
    }
}
