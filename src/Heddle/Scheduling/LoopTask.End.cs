using System.Runtime.CompilerServices;
using Heddle.LowLevel;

namespace Heddle;

/// <content>How it ends.</content>
public partial class LoopTask
{
    internal void MarkObserved()
    {
        if (!IsObserved)
        {
            IsObserved = true;
            if (Ending == Traits.Failed)
            {
                Set.NoteObserved(this);
                LeaveSet();
            }
        }
    }

    internal void AddJoiner(JoinFrame joiner) => _joiners.Add(joiner);

    internal void RemoveJoiner(JoinFrame joiner) => _joiners.Remove(joiner);

    /// <summary>Ends a task that was kept back and never had its first step.</summary>
    internal void EndUnstarted()
    {
        var root = Leave();
        Change(Traits.NeverRan, true);
        var watchers = (EndList?)_watchersOrFailure;
        Ending = Traits.Canceled;
        _watchersOrFailure = Scope.CreateCancellation();
        root.Recycle(Loop.Entered);
        Finish(Loop, watchers);
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
        var watchers = (EndList?)_watchersOrFailure;
        _watchersOrFailure = null;
        if (root.HasSucceeded)
        {
            Ending = Traits.Succeeded;
        }
        else
        {
            KeepFailure(root.GetFailure());
        }

        LetGo(root);
        Finish(loop, watchers);
    }

    /// <summary>The first frame has ended: keeps its value, if it is of use, and gives it back, since nobody else reads it.</summary>
    private protected virtual void LetGo(Frame root) => root.Recycle(Loop.Entered);

    private void KeepFailure(Failure failure)
    {
        var exception = Scope.Attribute(failure.Exception);
        if (Scope.IsCancellation(exception))
        {
            Ending = Traits.Canceled;
            _watchersOrFailure = exception;
        }
        else
        {
            Ending = Traits.Failed;
            _watchersOrFailure = ReferenceEquals(exception, failure.Exception) ? failure.Capture() : new CapturedFailure(exception);
        }
    }

    private Frame Leave()
    {
        var root = Top!;
        Top = null;
        State = RunnerState.Ended;
        Set.Remove(this);
        return root;
    }

    private void Finish(EventLoop loop, EndList? watchers)
    {
        ExitOwnScope();

        // The handle may be kept for long; what the task's code wrote to an AsyncLocal should not be.
        _context = null;
        IsObserved |= !_joiners.IsEmpty;
        Set.NoteEnd(this);
        while (_joiners.TakeFirst() is { } joiner)
        {
            // Nothing else stands in this line, and all of the same loop.
            Unsafe.As<JoinFrame>(joiner).OnTaskEnded(IsCompletedSuccessfully, loop);
        }

        watchers?.Tell();
        if (Ending != Traits.Failed || IsObserved)
        {
            LeaveSet();
        }
    }

    /// <summary>The handle may be kept for long; what its group was should not be. It still knows the scope, for what it left behind.</summary>
    private void LeaveSet()
    {
        if (!ReferenceEquals(Set, Loop.Root))
        {
            _scope ??= Set.Scope;
            Set = Loop.Root;
        }
    }

    private EndList Watchers => (EndList)(_watchersOrFailure ??= new EndList());

    /// <summary>A callback of the user's: runs in the loop's next turn.</summary>
    internal sealed class CompletionCallback(EventLoop loop, LoopTask task, Action<LoopTask> callback) : EndNode, ILoopItem
    {
        private Action<LoopTask>? _callback = callback;

        public ExecutionContext? Context { get; } = ExecutionContext.Capture();

        internal override void OnEnded() => loop.Enqueue(this);

        public override void Run()
        {
            try
            {
                _callback?.Invoke(task);
            }
            catch (Exception failure)
            {
                loop.Report(LoopReports.CallbackFailed(task, failure));
            }
        }

        internal void Unregister()
        {
            if (_callback is not null)
            {
                loop.VerifyThread("CompletionRegistration.Dispose");
                _callback = null;
                Leave();
            }
        }
    }
}

/// <summary>A callback that waits for a task's end: see <see cref="LoopTask.OnCompleted"/>.</summary>
public readonly struct CompletionRegistration : IDisposable
{
    private readonly LoopTask.CompletionCallback? _callback;

    internal CompletionRegistration(LoopTask.CompletionCallback callback) => _callback = callback;

    /// <summary>Takes the callback back, whatever others the task has: from now on it is not called, and nothing is kept of it. Does nothing once it has run.</summary>
    /// <exception cref="InvalidOperationException">Called from another thread than the loop's.</exception>
    public void Dispose() => _callback?.Unregister();
}
