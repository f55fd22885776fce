using System.ComponentModel;
using Heddle.LowLevel;

namespace Heddle;

/// <content>The border to code of other builders: the task as a <see cref="SynchronizationContext"/>.</content>
public partial class LoopTask
{
    /// <summary>Runs the callback on the loop, in a step of its own, as part of this task. Any thread.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public override void Post(SendOrPostCallback d, object? state) => Loop.Enter(new PostedCallback(this, d, state));

    /// <summary>Runs the callback at once when on the loop's thread, else waits until the loop has run it.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public override void Send(SendOrPostCallback d, object? state)
    {
        if (Loop.IsOnThread)
        {
            d(state);
            return;
        }

        using var done = new ManualResetEventSlim();
        Exception? failure = null;
        Post(
            _ =>
            {
                try
                {
                    d(state);
                }
                catch (Exception e)
                {
                    failure = e;
                }

                done.Set();
            },
            null);
        done.Wait();
        if (failure is not null)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(failure);
        }
    }

    /// <summary>Itself: there is one a task.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public override SynchronizationContext CreateCopy() => this;

    internal override Action SuspendForForeign(Frame awaiting, Type awaiter)
    {
        var wait = ForeignWait.Rent(this, awaiting, awaiter);
        Top = wait;
        State = RunnerState.Suspended;
        return wait.Continuation;
    }

    internal override void RunBeside(Frame frame, Action continuation)
    {
        if (ReferenceEquals(Scope, Set.Scope))
        {
            EnsureOwnScope();
        }

        var task = new BesideTask(this, continuation);
        var scope = new CancelScope(Loop, Scope) { Host = task, IsTaskScope = true };
        task.Attach(Loop.Root, scope, frame, ExecutionContext.Capture() ?? Loop.BaseContext);
        Loop.Root.Add(task);
        Loop.Enqueue(task);
    }

    /// <summary>Foreign code of this task: it runs between steps, and the task's own frames stay as they are.</summary>
    internal void RunPosted(SendOrPostCallback callback, object? state)
    {
        Enter();
        try
        {
            callback(state);
        }
        catch (Exception failure)
        {
            Loop.Report(LoopReports.CallbackFailed(this, failure));
        }

        // What it wrote to an AsyncLocal is its own.
        AmbientContext.Restore(_context ?? Loop.BaseContext);
        Loop.ThreadContext = null;
    }

    private sealed class PostedCallback(LoopTask task, SendOrPostCallback callback, object? state) : LoopAction, IOutlivesLoop
    {
        public void RunElsewhere() => ThreadPool.QueueUserWorkItem(static p => p.Callback(p.State), (Callback: callback, State: state), preferLocal: false);

        internal override void Invoke() => task.RunPosted(callback, state);
    }

    /// <summary>The implicit child: its end is the end of the coroutine that foreign code awaits.</summary>
    private sealed class BesideTask(LoopTask caller, Action continuation) : LoopTask(null)
    {
        internal override bool IsImplicit => true;

        /// <summary>The awaiter reads the outcome from the frame itself, so the frame is left to it.</summary>
        private protected override void LetGo(Frame root)
        {
            MarkObserved();
            caller.Loop.EnqueueAction(new PostedCallback(caller, static state => ((Action)state!)(), continuation));
        }
    }
}
