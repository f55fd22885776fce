using System.ComponentModel;
using Heddle.LowLevel;

namespace Heddle;

/// <content>The border to code of other builders: the task as a <see cref="SynchronizationContext"/>.</content>
public partial class LoopTask
{
    /// <summary>Runs the callback on the loop, in a step of its own, as part of this task. Any thread.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public override void Post(SendOrPostCallback d, object? state) => PostTo(this, d, state);

    /// <summary>Runs the callback at once when on the loop's thread, else waits until the loop has run it.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public override void Send(SendOrPostCallback d, object? state) => SendTo(this, d, state);

    /// <summary>Itself: there is one a task.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public override SynchronizationContext CreateCopy() => this;

    /// <summary>The loop has died and this will never end: whoever waits for it elsewhere hears that.</summary>
    internal virtual void DropWithLoop(Exception why)
    {
    }

    /// <param name="context">This, or that of a scope that the task is or was in.</param>
    /// <param name="callback">Runs as foreign code of this task.</param>
    /// <param name="state">For the callback.</param>
    internal void PostTo(SynchronizationContext context, SendOrPostCallback callback, object? state)
        => Loop.Submit(new PostedCallback(this, context, callback, state, ExecutionContext.Capture()));

    /// <inheritdoc cref="PostTo"/>
    internal void SendTo(SynchronizationContext context, SendOrPostCallback callback, object? state)
    {
        if (Loop.IsOnThread)
        {
            using (Flow.Enter(this, context))
            {
                callback(state);
            }

            return;
        }

        using var done = new ManualResetEventSlim();
        Exception? failure = null;
        PostTo(
            context,
            _ =>
            {
                try
                {
                    callback(state);
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

    internal override Action SuspendForForeign(Frame awaiting, ForeignKind awaiter)
    {
        var wait = ForeignWait.Rent(this, awaiting, awaiter);
        Top = wait;
        State = RunnerState.Suspended;
        return wait.Continuation;
    }

    internal override void RunBeside(Frame frame, Action continuation)
    {
        var flow = Flow.Current;
        var task = new BesideTask(flow, frame, continuation);
        var scope = flow.OpenScope(task);
        task.Attach(Loop.RootSet, scope, frame, ExecutionContext.Capture() ?? Loop.BaseContext);
        Loop.RootSet.Add(task);
        Loop.Enqueue(task);
    }

    /// <summary>Foreign code of this task: it runs between steps, and the task's own frames stay as they are.</summary>
    private void RunPosted(SynchronizationContext context, SendOrPostCallback callback, object? state, ExecutionContext? ambience)
    {
        MakeCurrent(Loop);
        if (ambience is not null)
        {
            AmbientContext.Restore(ambience);
        }

        if (DebugMode.IsOn)
        {
            Loop.Journal!.BeginForeign();
        }

        try
        {
            using (Flow.Enter(this, context))
            {
                callback(state);
            }
        }
        catch (Exception failure)
        {
            Loop.Report(LoopReports.CallbackFailed(this, failure));
        }

        if (DebugMode.IsOn)
        {
            Loop.Journal!.EndForeign(this);
        }

        // What it wrote to an AsyncLocal is its own.
        AmbientContext.Restore(_context ?? Loop.BaseContext);
        Loop.ThreadContext = null;
    }

    /// <param name="task">The task whose code it is.</param>
    /// <param name="context">What it was posted to.</param>
    /// <param name="callback">Runs between the task's steps.</param>
    /// <param name="state">For the callback.</param>
    /// <param name="ambience">The ambient context of who posted it, as every post has it; null for the task's, where the flow was suppressed.</param>
    private sealed class PostedCallback(
        LoopTask task, SynchronizationContext context, SendOrPostCallback callback, object? state, ExecutionContext? ambience) : ILoopItem
    {
        public void Run()
        {
            if (task.State != RunnerState.Dropped)
            {
                task.RunPosted(context, callback, state, ambience);
            }
        }

        /// <summary>Foreign code that outlives its loop goes on where foreign code runs.</summary>
        public void Drop() => ThreadPool.UnsafeQueueUserWorkItem(static posted => posted.RunInPool(), this, preferLocal: false);

        private void RunInPool()
        {
            if (ambience is null)
            {
                callback(state);
            }
            else
            {
                ExecutionContext.Run(ambience, new ContextCallback(callback), state);
            }
        }
    }

    /// <summary>The implicit child: its end is the end of the coroutine that foreign code awaits.</summary>
    private sealed class BesideTask(Flow caller, Frame awaited, Action continuation) : LoopTask(null)
    {
        private readonly LoopTask _caller = caller.Task;
        private readonly SynchronizationContext _callersContext = caller.Context;

        internal override bool IsImplicit => true;

        internal override LoopTask? StartedBy => _caller;

        internal override IEnumerable<string> ForeignCallers => ForeignFrames.Above(continuation);

        internal override void DropWithLoop(Exception why)
        {
            awaited.Home = null;
            if (!awaited.Break(why))
            {
                awaited.GiveUp(why);
            }

            ThreadPool.UnsafeQueueUserWorkItem(static continuation => continuation(), continuation, preferLocal: false);
        }

        /// <summary>The awaiter reads the outcome from the frame itself, so the frame is left to it.</summary>
        private protected override void TakeResult(Frame root)
        {
            MarkObserved();

            // When the loop has ended by then, the awaiter goes on where foreign code runs.
            awaited.Home = null;
            if (!ReferenceEquals(root, awaited))
            {
                // The stack was given up, and the awaited frame with it.
                awaited.GiveUp(root.GetFailure().Exception);
                root.Recycle(Loop.OwnThread);
            }
            else if (IsCanceled && Scope is { IsTaskScope: true, IsCancelRequested: true } && ReferenceEquals(Scope.CanceledBy, Scope))
            {
                // It alone was cancelled, and to who awaits it that is the end of another task and no cancellation of its own.
                awaited.GiveUp(new LoopTaskCanceledException(this));
            }

            _caller.PostTo(_callersContext, static state => ((Action)state!)(), continuation);
        }
    }

    private const int WaitTimedOut = 258;

    /// <summary>
    /// Called by the runtime for every blocking wait of this task's code, contended locks included. Waits, and once a grace is over and the
    /// loop has something else to do, reports it; a wait for a <see cref="System.Threading.Tasks.Task"/> throws then, if the options say so.
    /// </summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public override int Wait(IntPtr[] waitHandles, bool waitAll, int millisecondsTimeout)
    {
        var slice = BlockingWatch.GraceOf(Loop);
        var left = millisecondsTimeout;
        while (slice != Timeout.Infinite && (left == Timeout.Infinite || left > slice))
        {
            var result = WaitHelper(waitHandles, waitAll, slice);
            if (result != WaitTimedOut)
            {
                return result;
            }

            left = left == Timeout.Infinite ? left : left - slice;
            if (Loop.IsMissed)
            {
                BlockingWatch.OnBlocked(this);
                break;
            }
        }

        return WaitHelper(waitHandles, waitAll, left);
    }
}
