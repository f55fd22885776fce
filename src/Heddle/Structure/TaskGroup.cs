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
public sealed partial class TaskGroup
{
    private readonly GroupTasks _tasks;

    private TaskGroup(CancelScope scope, TaskGroupOptions options, Action<LoopTask>? ended = null)
        => _tasks = new GroupTasks(scope, options) { Ended = ended };

    /// <summary>The scope that the body and all tasks run in.</summary>
    public CancelScope Scope => _tasks.Scope;

    /// <summary>How many of its tasks have not ended.</summary>
    public int Count => _tasks.Count;

    internal GroupTasks Tasks => _tasks;

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
                group._tasks.OnBodyFailed(failure);
            }

            await group._tasks.JoinAsync();
            if (group.Scope.HoldsResources)
            {
                await group.CloseResourcesAsync();
            }

            group._tasks.ThrowIfFailed();
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

    /// <summary>Cancels the body and all tasks. The group then ends quietly, unless something fails while it is cancelled.</summary>
    public void Cancel(string? reason = null) => Scope.Cancel(reason);

    /// <summary>Its name and how many tasks it has.</summary>
    public override string ToString() => $"{_tasks.Name} ({Count} running)";

    private static readonly TaskGroupOptions s_defaults = new();

    private async Coroutine CloseResourcesAsync()
    {
        try
        {
            await Scope.CloseResourcesAsync(isFailing: false);
        }
        catch (Exception failure)
        {
            _tasks.OnBodyFailed(failure);
        }
    }

    /// <summary>A group of the library's own, which joins it and leaves its scope.</summary>
    internal static TaskGroup Open(CancelScope scope, TaskGroupOptions options, Action<LoopTask>? ended = null)
        => new(scope, options, ended);
}
