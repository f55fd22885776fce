using System.Runtime.CompilerServices;
using Heddle.LowLevel;

namespace Heddle;

/// <content>How it ends, and who waits for that.</content>
public partial class LoopTask
{
    internal void MarkObserved()
    {
        if (!IsObserved)
        {
            IsObserved = true;
            if (Ending == Traits.Failed)
            {
                Set.Owner?.OnFailureSeen(this);
                ForgetSet();
            }
        }
    }

    internal void AddJoiner(JoinFrame joiner) => _joiners.Add(joiner);

    internal void RemoveJoiner(JoinFrame joiner) => _joiners.Remove(joiner);

    /// <summary>Ends a task that was kept back and never had its first step.</summary>
    internal void EndUnstarted()
    {
        var root = Detach();
        Change(Traits.NeverRan, true);
        var watchers = (EndList?)_watchersOrFailure;
        Ending = Traits.Canceled;
        _watchersOrFailure = Scope.CreateCancellation();
        root.Recycle(Loop.OwnThread);
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

        var root = Detach();
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

        TakeResult(root);
        Finish(loop, watchers);
    }

    /// <summary>Ends the tasks, and those of their groups, where they stand: see <see cref="LowLevel.LoopWork"/>. Between steps only.</summary>
    internal static void Drop(IEnumerable<LoopTask> tasks, string reason)
    {
        var all = new List<LoopTask>();
        foreach (var task in tasks)
        {
            if (!task.IsCompleted)
            {
                all.Add(task);
                task.OutermostOwnScope?.CollectTasks(all);
            }
        }

        // All are marked before the first leaves its line, so that what it leaves there goes to none of them.
        LoopTask[] dropped = [.. all.Distinct().Where(static task => !task.IsCompleted)];
        var watchers = Array.ConvertAll(dropped, task => task.MarkDropped(reason));
        foreach (var task in dropped)
        {
            task.LeaveLine();
        }

        foreach (var task in dropped)
        {
            task.LeaveScopes();
        }

        for (var i = 0; i < dropped.Length; i++)
        {
            dropped[i].Finish(dropped[i].Loop, watchers[i]);
        }
    }

    private EndList? MarkDropped(string reason)
    {
        var watchers = (EndList?)_watchersOrFailure;
        Ending = Traits.Canceled;
        _watchersOrFailure = new OperationCanceledException(reason);
        return watchers;
    }

    private void LeaveLine()
    {
        if (State == RunnerState.Suspended && !Top!.TryAbort())
        {
            // What is foreign may call back as often as it likes.
            (Top as ForeignWait)?.TryDisarm();
        }

        Top = null;
        State = RunnerState.Dropped;
        Set.Remove(this);
    }

    /// <summary>The first frame has ended: keeps its value, if it is of use, and gives it back, since nobody else reads it.</summary>
    private protected virtual void TakeResult(Frame root) => root.Recycle(Loop.OwnThread);

    private void KeepFailure(Failure failure)
    {
        var exception = Scope.Interpret(failure.Exception);
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

    private Frame Detach()
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
            ForgetSet();
        }
    }

    /// <summary>The handle may be kept for long; what its group was should not be. It still knows the scope, for what it left behind.</summary>
    private void ForgetSet()
    {
        if (!ReferenceEquals(Set, Loop.RootSet))
        {
            _scope ??= Set.Scope;
            Set = Loop.RootSet;
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
                Unlink();
            }
        }
    }

    internal void ThrowIfNotSuccess() => ToOutcome().ThrowIfNotSuccess();

    internal Outcome ToOutcome()
    {
        MarkObserved();
        return IsCompletedSuccessfully ? Outcome.Success
            : IsCanceled ? new(new LoopTaskCanceledException(this))
            : new(CapturedFailure!.Trace);
    }

    /// <summary>Whether the task's own scope has held something, so that its end must look.</summary>
    internal bool HasHeldResources
    {
        get => Has(Traits.HasHeldResources);
        set => Change(Traits.HasHeldResources, value);
    }

    /// <summary>The first frame has ended: runs the closing in its place, and ends with it after that.</summary>
    private void CloseResourcesAndEnd()
    {
        HasHeldResources = false;
        var root = Top!;
        var closing = (root.HasSucceeded ? Scope.CloseResourcesAsync(ResultOf(root)) : Scope.CloseResourcesAsync(isFailing: true)).Take();
        closing.Parent = new EndAfterClosing(root, closing);
        Top = closing;
        Reschedule();
    }

    /// <summary>The value that the first frame has ended with, if it has one.</summary>
    private protected virtual object? ResultOf(Frame root) => null;

    /// <summary>What the closing returns to.</summary>
    private sealed class EndAfterClosing(Frame root, Frame closing) : Frame
    {
        internal override Frame? Step(Runner runner, int depth)
        {
            // The closing fails only where the body did not, and then that is how the task ends.
            runner.Top = closing.HasSucceeded ? root : closing;
            runner.State = RunnerState.Ended;
            return null;
        }

        internal override Failure GetFailure() => throw new System.Diagnostics.UnreachableException();

        internal override void Recycle()
        {
        }
    }

    /// <summary>Waits until one of the tasks has ended, in whichever way, and returns it. The others run on.</summary>
    /// <remarks>
    /// If several have, it is the first of them in the order given. Nothing stays registered with the others,
    /// so it may be called in a loop. The counterpart of <c>asyncio.wait(FIRST_COMPLETED)</c>.
    /// </remarks>
    /// <exception cref="ArgumentException">There is no task.</exception>
    /// <exception cref="InvalidOperationException">No task runs on this thread, or one given runs on another loop.</exception>
    public static async Coroutine<LoopTask> WhenAny(IEnumerable<LoopTask> tasks)
    {
        LoopTask[] all = [.. tasks];
        if (all.Length == 0)
        {
            throw new ArgumentException("WhenAny needs at least one task: with none it would never end.", nameof(tasks));
        }

        var runner = LoopTask.CurrentOrThrow();
        foreach (var task in all)
        {
            task.VerifyMayBeAwaited(runner.Loop);
        }

        return await new Coroutine<LoopTask>(new FirstEnd(all));
    }

    /// <inheritdoc cref="WhenAny(IEnumerable{LoopTask})"/>
    public static Coroutine<LoopTask> WhenAny(params LoopTask[] tasks) => WhenAny((IEnumerable<LoopTask>)tasks);

    /// <inheritdoc cref="WhenAny(IEnumerable{LoopTask})"/>
    public static async Coroutine<LoopTask<T>> WhenAny<T>(IEnumerable<LoopTask<T>> tasks)
        => (LoopTask<T>)await WhenAny((IEnumerable<LoopTask>)tasks);

    /// <inheritdoc cref="WhenAny(IEnumerable{LoopTask})"/>
    public static Coroutine<LoopTask<T>> WhenAny<T>(params LoopTask<T>[] tasks) => WhenAny((IEnumerable<LoopTask<T>>)tasks);

    /// <summary>The wait: it stands with each of the tasks until one of them has ended, or it is broken off.</summary>
    private sealed class FirstEnd : Suspension<LoopTask>
    {
        private readonly LoopTask[] _tasks;
        private readonly Watch[] _watches;

        internal FirstEnd(LoopTask[] tasks)
        {
            _tasks = tasks;
            _watches = new Watch[tasks.Length];
            Status = FrameStatus.Cold;
        }

        internal override string Describe() => _tasks.Length == 1 ? _tasks[0].Describe() : $"the first of {_tasks.Length} tasks";

        protected override bool Begin()
        {
            if (Array.Find(_tasks, static task => task.IsCompleted) is { } ended)
            {
                Value = ended;
                return true;
            }

            for (var i = 0; i < _tasks.Length; i++)
            {
                _tasks[i].Watchers.Add(_watches[i] = new Watch(this, _tasks[i]));
            }

            return false;
        }

        protected override bool Abort()
        {
            LeaveAll();
            return true;
        }

        private void LeaveAll()
        {
            foreach (var watch in _watches)
            {
                watch.Unlink();
            }
        }

        private sealed class Watch(FirstEnd wait, LoopTask task) : EndNode
        {
            internal override void OnEnded()
            {
                wait.LeaveAll();
                wait.Value = task;
                wait.Resume();
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
