using System.ComponentModel;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Heddle.LowLevel;

namespace Heddle;

/// <summary>A coroutine that runs on its own, beside others: the handle by which it is awaited, watched and cancelled.</summary>
/// <remarks>
/// Await it any number of times, from any task of the same loop: each await returns or throws what it ended with.
/// Awaiting one that was cancelled throws <see cref="LoopTaskCanceledException"/>. All members are for the loop's
/// thread, but for <see cref="Name"/> and <see cref="Id"/>. The counterpart of <c>asyncio.Task</c>.
/// <para>
/// It is the synchronization context of the code that it runs: what foreign code posts there runs on the loop, as part
/// of this task and between its steps.
/// </para>
/// </remarks>
[DebuggerDisplay("{ToString(),nq}")]
public partial class LoopTask : Runner
{
    /// <summary>Set by <see cref="Attach"/>, before anyone else has the task.</summary>
    internal TaskSet Set = null!;

    /// <summary>The scope that the code is in; null for that of the set.</summary>
    private CancelScope? _scope;

    /// <summary>The ambient context between steps; null for the loop's.</summary>
    private ExecutionContext? _context;

    internal LoopTask? NextInSet;

    /// <summary>The one before; of the first, the last, or null while it stands alone.</summary>
    internal LoopTask? PreviousInSet;

    private string? _name;

    /// <summary>While running those who are told of its end, if any; then how it ended: null, the captured failure, or the cancellation.</summary>
    private object? _watchersOrFailure;

    private WaiterList<Nothing> _joiners;

    internal LoopTask(string? name)
    {
        if (name is not null)
        {
            _name = name;
        }

        SetWaitNotificationRequired();
    }

    /// <summary>The task whose code runs on this thread now, be it through a generator; null outside of any.</summary>
    public static new LoopTask? Current
    {
        get
        {
            var runner = Runner.Current;
            while (runner is { IsDrivenByHand: true })
            {
                runner = runner.Outer;
            }

            return Of(runner);
        }
    }

    /// <summary>A number that no other task of this process has; on a loop in virtual time, which counts from one, none of that loop.</summary>
    public long Id { get; private set; }

    /// <summary>The name given at the start, or one made from the <see cref="Id"/>.</summary>
    public string Name => _name ??= $"task-{Id}";

    /// <summary>Whether it has ended, in whichever way.</summary>
    public bool IsCompleted => Ending != 0;

    /// <summary>Whether it ended with a result.</summary>
    public bool IsCompletedSuccessfully => Ending == Traits.Succeeded;

    /// <summary>Whether it ended with an exception that is not a cancellation of its own scope.</summary>
    public bool IsFaulted => Ending == Traits.Failed;

    /// <summary>Whether it ended by being cancelled.</summary>
    public bool IsCanceled => Ending == Traits.Canceled;

    /// <summary>What it failed with; null while it runs and when it ended otherwise. Reading it counts as observing the failure.</summary>
    public Exception? Exception
    {
        get
        {
            if (Ending != Traits.Failed)
            {
                return null;
            }

            MarkObserved();
            return Failure;
        }
    }

    /// <summary>What it waits for, in words; null once it has ended.</summary>
    public string? WaitsFor => IsCompleted ? null : State switch
    {
        RunnerState.Suspended => DescribeWait(Top!),
        RunnerState.Running => "nothing: it runs now",
        _ => "its turn to run",
    };

    /// <summary>A description may ask what others wrote, such as a transport for its end point; that must not fail who only wants to tell of it.</summary>
    private static string DescribeWait(Frame wait)
    {
        try
        {
            return wait.Describe();
        }
        catch (Exception failure)
        {
            return $"something whose description failed ({failure.Message})";
        }
    }

    /// <summary>Whether someone has seen, or waits to see, how it ended.</summary>
    internal bool IsObserved
    {
        get => Has(Traits.Observed);
        private set => Change(Traits.Observed, value);
    }

    /// <summary>The task whose code started it, while that goes on as the owner of a group or as what foreign code runs for; null for one of the loop's own.</summary>
    internal virtual LoopTask? StartedBy
    {
        get
        {
            CancelScope? scope = Set.Scope;
            while (scope is { Host: null })
            {
                scope = scope.Parent;
            }

            return scope?.Host;
        }
    }

    /// <summary>The foreign methods that it runs for, the innermost first.</summary>
    internal virtual IEnumerable<string> ForeignCallers => [];

    /// <summary>Whether it runs on behalf of foreign code that awaits it, and not because somebody started it.</summary>
    internal virtual bool IsImplicit => false;

    /// <summary>The task that somebody started and that this one runs for: itself, but for an implicit one that runs for some task.</summary>
    internal LoopTask Started
    {
        get
        {
            var task = this;
            while (task.IsImplicit && task.StartedBy is { } starter)
            {
                task = starter;
            }

            return task;
        }
    }

    /// <summary>False only for a task that was kept back until its end.</summary>
    internal bool HasRun => !Has(Traits.NeverRan);

    /// <summary>It has ended, and somebody still waits to hear that it has started: the end is theirs, and no longer its group's.</summary>
    internal virtual bool HandsEndToStarter() => false;

    /// <summary>What it ended with; null if it has no result, or ended otherwise.</summary>
    internal virtual object? ResultOrNull => null;

    internal Exception? Failure => IsCompleted ? CapturedFailure?.Exception ?? _watchersOrFailure as Exception : null;

    /// <summary>What it failed with, as it was then; null while it runs and when it ended otherwise.</summary>
    internal CapturedFailure? CapturedFailure => _watchersOrFailure as CapturedFailure;

    internal EventLoop Loop => Set.Loop;

    /// <summary>Used by the compiler.</summary>
    /// <exception cref="InvalidOperationException">No task runs on this thread.</exception>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public CoroutineAwaiter GetAwaiter() => new(Join());

    /// <summary>Cancels the task: what it awaits throws, until it has ended. Does nothing once it has.</summary>
    /// <remarks>
    /// Returns at once; await the task to know that it has ended. A task that only runs a coroutine for foreign code which awaits it stands
    /// for the one that called that code, and it is that one that is cancelled, as long as it has not ended.
    /// </remarks>
    /// <exception cref="InvalidOperationException">Called from another thread than the loop's.</exception>
    public void Cancel(string? reason = null)
    {
        if (!IsCompleted)
        {
            Loop.VerifyThread("LoopTask.Cancel");
            (Started is { IsCompleted: false } started ? started : this).EnsureOwnScope().Cancel(reason);
        }
    }

    /// <summary>Has the callback run on the loop, between steps, once the task has ended; at the next turn if it has.</summary>
    /// <remarks>
    /// Callbacks run in the order of registration, each in the ambient context of who registered it. What one throws goes to the loop's handler.
    /// </remarks>
    /// <returns>By it the callback is taken back. Whoever watches a long-lived task for a while disposes of it.</returns>
    public CompletionRegistration OnCompleted(Action<LoopTask> callback)
    {
        ArgumentNullException.ThrowIfNull(callback);
        var loop = IsCompleted ? EventLoop.Current : Loop;
        var registered = new CompletionCallback(loop, this, callback);
        if (IsCompleted)
        {
            registered.OnEnded();
        }
        else
        {
            loop.VerifyThread("LoopTask.OnCompleted");
            Watchers.Add(registered);
        }

        return new(registered);
    }

    /// <summary>A <see cref="Task"/> that ends when this does, for code that knows tasks of .NET: it can be awaited on any thread.</summary>
    /// <remarks>
    /// What this task fails with, that one does, and it counts as observed. When this one is cancelled, that one fails with a
    /// <see cref="LoopTaskCanceledException"/>, as an await of this would. Its continuations do not run on the loop, unless they ask to.
    /// </remarks>
    /// <exception cref="InvalidOperationException">It has not ended, and this is another thread than the loop's.</exception>
    public Task AsTask()
    {
        var completion = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        TellEnd(ended =>
        {
            if (ended.Unsuccess is { } failure)
            {
                completion.SetException(failure);
            }
            else
            {
                completion.SetResult();
            }
        });
        return completion.Task;
    }

    /// <summary>Calls it with how the task has ended, when it has, for somebody who takes that over.</summary>
    private protected void TellEnd(Action<LoopTask> callback)
    {
        if (IsCompleted)
        {
            callback(this);
        }
        else
        {
            OnCompleted(callback);
        }

        MarkObserved();
    }

    /// <summary>What an await of it throws, once it has ended; null if it has ended well.</summary>
    private protected Exception? Unsuccess => IsCanceled ? new LoopTaskCanceledException(this) : Failure;

    /// <summary>Its name and state.</summary>
    public override string ToString() => Ending switch
    {
        0 => $"{Name} (waits for {WaitsFor})",
        Traits.Succeeded => $"{Name} (completed)",
        Traits.Failed => $"{Name} (failed: {Failure!.Message})",
        _ => $"{Name} (cancelled{(Failure is ScopeCanceledException { Reason: { } reason } ? $": {reason}" : "")})",
    };

    internal string Describe() => $"task '{Name}'";

    /// <summary>The runner as what it is: one that waits is a task, and a cast on every await would only cost time.</summary>
    [return: NotNullIfNotNull(nameof(runner))]
    internal static LoopTask? Of(Runner? runner)
    {
        Debug.Assert(runner is null or LoopTask);
        return Unsafe.As<LoopTask?>(runner);
    }

    /// <summary>The task that can wait here: in a generator's body there is none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static LoopTask CurrentOrThrow()
    {
        var runner = Runner.Current;
        if (runner is null)
        {
            Misuse.ThrowNoLoop();
        }

        if (runner.IsDrivenByHand)
        {
            runner.RefuseWait();
        }

        return Of(runner);
    }

    private protected JoinFrame Join()
    {
        var loop = CurrentOrThrow().Loop;
        VerifyMayBeAwaited(loop);
        return JoinFrame.Rent(this, loop);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void VerifyMayBeAwaited(EventLoop awaiting)
    {
        if (!ReferenceEquals(awaiting, Loop) && !IsCompleted)
        {
            ThrowOfAnotherLoop(awaiting);
        }
    }

    private void ThrowOfAnotherLoop(EventLoop awaiting) => throw new InvalidOperationException(
        $"{LoopReports.Capital(this)} of the loop '{Loop.Name}' was awaited on the loop '{awaiting.Name}'. A loop's objects are not "
        + "thread-safe. Have a loop do work for another by EventLoopThread.RunAsync, and await the Task that it returns.");

    /// <summary>Starts the coroutine as a task of the loop: it is cancelled, and awaited, when the main coroutine ends.</summary>
    /// <remarks>
    /// It has its first step at the loop's next turn. Its failure cancels nobody; if nobody awaits it, it reaches the
    /// loop's handler. A <see cref="TaskGroup"/> binds tasks to a block of code, which is mostly what you want.
    /// </remarks>
    /// <exception cref="InvalidOperationException">No loop runs on this thread, or the main coroutine has ended.</exception>
    public static LoopTask Start(Coroutine coroutine, string? name = null)
    {
        var root = EventLoop.Current.RootSet;
        var task = new LoopTask(name);
        root.Start(task, coroutine.Take());
        return task;
    }

    /// <inheritdoc cref="Start(Coroutine, string?)"/>
    public static LoopTask<T> Start<T>(Coroutine<T> coroutine, string? name = null)
    {
        var root = EventLoop.Current.RootSet;
        var task = new LoopTask<T>(name);
        root.Start(task, coroutine.Take());
        return task;
    }

    /// <inheritdoc cref="Start(Coroutine, string?)"/>
    public static LoopTask Start(Func<Coroutine> body, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(body);
        return Start(body(), name);
    }

    /// <inheritdoc cref="Start(Coroutine, string?)"/>
    public static LoopTask<T> Start<T>(Func<Coroutine<T>> body, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(body);
        return Start(body(), name);
    }
}
