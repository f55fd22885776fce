using System.Diagnostics;

namespace Heddle;

/// <summary>Tasks that are bound to a block of code: it does not end before all of them have.</summary>
/// <remarks>
/// The first failure, of a task or of the body, cancels all the rest; when all have ended the group throws one
/// <see cref="AggregateException"/> with every failure. Cancellations are left out and nested groups flattened.
/// A task's failure always fails its group, even if someone awaited and caught it: catch inside the task, or use
/// <see cref="TaskGroupOptions.KeepGoing"/>. All members are for the loop's thread.
/// After Trio's nurseries; the counterpart of <c>asyncio.TaskGroup</c>.
/// </remarks>
[DebuggerDisplay("{ToString(),nq}")]
public sealed partial class TaskGroup : ITaskSetOwner
{
    private static readonly TaskGroupOptions s_defaults = new();

    private readonly TaskGroupOptions _options;
    private readonly TaskSet _tasks;

    /// <summary>Called for each task that has ended, before anyone who awaits it goes on.</summary>
    private readonly Action<LoopTask>? _ended;

    /// <param name="scope">Its own, which whoever opens a group leaves when all have ended.</param>
    /// <param name="options">How it treats its tasks.</param>
    /// <param name="ended">For a group of the library's own: told of each task's end, before anyone who awaits it goes on.</param>
    internal TaskGroup(CancelScope scope, TaskGroupOptions options, Action<LoopTask>? ended = null)
    {
        _options = options;
        _ended = ended;
        var isLimited = options.MaxConcurrency != int.MaxValue;
        _waiting = isLimited ? new Queue<LoopTask>() : null;
        scope.TaskSet = _tasks = new TaskSet(scope, this) { IsLimited = isLimited, HeedsSuccess = isLimited || ended is not null };
    }

    /// <summary>The scope that the body and all tasks run in.</summary>
    public CancelScope Scope => _tasks.Scope;

    /// <summary>How many of its tasks have not ended.</summary>
    public int Count => _tasks.Count;

    /// <summary>Runs the body, and the tasks that it starts in the group, until all have ended.</summary>
    /// <remarks>
    /// Its end is no suspension: where a cancellation from further out cut nothing short, what the body and the tasks have done stands, and
    /// the cancellation is met at the next suspension.
    /// </remarks>
    /// <exception cref="AggregateException">The body or a task failed.</exception>
    /// <exception cref="ScopeCanceledException">The scope around it is cancelled: before the body began, or something was cut short by it.</exception>
    /// <exception cref="TimeoutException">A deadline that was set for the group's scope has cut something short.</exception>
    public static async Coroutine RunAsync(Func<TaskGroup, Coroutine> body, TaskGroupOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(body);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero((options ?? s_defaults).MaxConcurrency, nameof(options));
        var runner = LoopTask.CurrentOrThrow();
        runner.ThrowIfCanceled();
        var group = new TaskGroup(runner.EnterScope(), options ?? s_defaults);
        try
        {
            try
            {
                await body(group);
            }
            catch (Exception failure)
            {
                group.OnBodyFailed(failure);
            }

            await group.JoinAsync();
            if (group.Scope.HoldsResources)
            {
                await group.CloseResourcesAsync();
            }

            group.ThrowIfFailed();
        }
        finally
        {
            runner.ExitScope(group.Scope);
        }
    }

    /// <inheritdoc cref="RunAsync(Func{TaskGroup, Coroutine}, TaskGroupOptions?)"/>
    /// <exception cref="ScopeCanceledException">The group was cancelled by hand before the body had its result.</exception>
    public static async Coroutine<T> RunAsync<T>(Func<TaskGroup, Coroutine<T>> body, TaskGroupOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(body);
        T result = default!;
        CancelScope? cutShort = null;
        try
        {
            await RunAsync(
                async group =>
                {
                    cutShort = group.Scope;
                    result = await body(group);
                    cutShort = null;
                },
                options);
        }
        catch (Exception) when (UnseenResults.IsOne(result))
        {
            await UnseenResults.DisposeAsync(EventLoop.Current, null, result);
            throw;
        }

        return cutShort is null ? result : throw cutShort.CreateCancellation();
    }

    /// <summary>Starts the coroutine as a task of this group. It has its first step at the loop's next turn.</summary>
    /// <exception cref="InvalidOperationException">The group has ended; the coroutine is disposed of and none of it runs.</exception>
    public LoopTask Start(Coroutine coroutine, string? name = null)
    {
        var task = new LoopTask(name);
        _tasks.Loop.VerifyThread("TaskGroup.Start");
        _tasks.Start(task, coroutine.Take());
        return task;
    }

    /// <inheritdoc cref="Start(Coroutine, string?)"/>
    public LoopTask<T> Start<T>(Coroutine<T> coroutine, string? name = null)
    {
        var task = new LoopTask<T>(name);
        _tasks.Loop.VerifyThread("TaskGroup.Start");
        _tasks.Start(task, coroutine.Take());
        return task;
    }

    /// <inheritdoc cref="Start(Coroutine, string?)"/>
    public LoopTask Start(Func<Coroutine> body, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(body);
        return Start(body(), name);
    }

    /// <inheritdoc cref="Start(Coroutine, string?)"/>
    public LoopTask<T> Start<T>(Func<Coroutine<T>> body, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(body);
        return Start(body(), name);
    }

    /// <summary>Starts a task and waits until it has called <see cref="Started{T}.Set"/>, whose value is returned; it then runs on in the group.</summary>
    /// <remarks>
    /// Cancelling the wait cancels the task, and waits until it has ended or says that it has started after all; then its value is
    /// returned, and the cancellation is met at the next suspension. After Trio's <c>nursery.start</c>.
    /// </remarks>
    /// <exception cref="Exception">What the task failed with before it had started; it does not fail the group.</exception>
    /// <exception cref="InvalidOperationException">The task ended without having said that it started, or the group has ended.</exception>
    public async Coroutine<T> StartAsync<T>(Func<Started<T>, Coroutine> body, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(body);
        LoopTask.CurrentOrThrow().ThrowIfCanceled();
        var started = new Started<T>();
        var task = new StartingTask<T>(name, started);
        _tasks.Loop.VerifyThread("TaskGroup.StartAsync");
        _tasks.HeedsSuccess = true;
        _tasks.Start(task, body(started).Take());
        try
        {
            return await started.Source;
        }
        catch (ScopeCanceledException cancellation)
        {
            if (!started.IsSet)
            {
                task.Cancel(cancellation.Reason);
            }

            try
            {
                // Until it has started all the same, which counts, or has ended.
                return await CancelScope.ShieldAsync(async () => await started.Source);
            }
            catch (Exception) when (!task.IsFaulted)
            {
                // It was cancelled, or has ended without a word. That says no more than the cancellation.
            }

            throw;
        }
    }

    /// <inheritdoc cref="StartAsync{T}"/>
    public async Coroutine StartAsync(Func<Started, Coroutine> body, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(body);
        await StartAsync<Nothing>(started => body(new Started(started)), name);
    }

    /// <summary>Cancels the body and all tasks. The group then ends quietly, unless something fails while it is cancelled.</summary>
    public void Cancel(string? reason = null) => Scope.Cancel(reason);

    /// <summary>Its name and how many tasks it has.</summary>
    public override string ToString() => $"{Name} ({Count} running)";

    private async Coroutine CloseResourcesAsync()
    {
        try
        {
            await Scope.CloseResourcesAsync(isFailing: false);
        }
        catch (Exception failure)
        {
            OnBodyFailed(failure);
        }
    }
}
