namespace Heddle;

/// <summary>What the combinators share: each runs its coroutines as tasks of a group of its own.</summary>
internal static class Combine
{
    private static readonly TaskGroupOptions s_all = new() { Name = "WhenAll" };
    private static readonly TaskGroupOptions s_settled = new() { Name = "WhenAllSettled", KeepGoing = true };

    /// <summary>A coroutine runs once, so a sequence that makes them must be read once, and a caller's array may change.</summary>
    internal static TItem[] Copy<TItem>(IEnumerable<TItem> coroutines)
    {
        ArgumentNullException.ThrowIfNull(coroutines);
        return [.. coroutines];
    }

    /// <summary>
    /// Disposes of coroutines that a cancelled scope lets nobody start, so that debug mode does not take them for forgotten. Throws nothing:
    /// that the scope is cancelled is said when they would be started.
    /// </summary>
    internal static void GiveUpIfCanceled(ReadOnlySpan<Coroutine> coroutines)
    {
        if (IsCanceled)
        {
            foreach (var coroutine in coroutines)
            {
                coroutine.GiveUp();
            }
        }
    }

    /// <inheritdoc cref="GiveUpIfCanceled(ReadOnlySpan{Coroutine})"/>
    internal static void GiveUpIfCanceled<T>(ReadOnlySpan<Coroutine<T>> coroutines)
    {
        if (IsCanceled)
        {
            foreach (Coroutine coroutine in coroutines)
            {
                coroutine.GiveUp();
            }
        }
    }

    private static bool IsCanceled => Flow.Current.IsCanceled;

    internal static Coroutine AllAsync(Coroutine[] coroutines) => AllAsync(
        group =>
        {
            foreach (var coroutine in coroutines)
            {
                group.Start(coroutine);
            }
        },
        coroutines);

    internal static async Coroutine<T[]> AllAsync<T>(Coroutine<T>[] coroutines)
    {
        GiveUpIfCanceled<T>(coroutines);
        var tasks = new LoopTask<T>[coroutines.Length];
        await AllAsync(group => StartAll(group, coroutines, tasks));
        return Array.ConvertAll(tasks, static task => task.Result);
    }

    /// <summary>All or the first failure.</summary>
    /// <param name="start">Starts all.</param>
    /// <param name="coroutines">All, unless the caller gives them up in a cancelled scope.</param>
    internal static async Coroutine AllAsync(Action<TaskGroup> start, Coroutine[]? coroutines = null)
    {
        GiveUpIfCanceled(coroutines);
        var runner = LoopTask.CurrentOrThrow();
        runner.ThrowIfCanceled();
        var group = TaskGroup.Open(runner.EnterScope(), s_all);
        try
        {
            await StartAndJoinAsync(group, start);
            group.Tasks.ThrowFirstFailure();
        }
        finally
        {
            runner.ExitScope(group.Scope);
        }
    }

    internal static async Coroutine<Outcome[]> SettledAsync(Coroutine[] coroutines)
    {
        GiveUpIfCanceled(coroutines);
        var tasks = new LoopTask[coroutines.Length];
        await SettledAsync(group =>
        {
            for (var i = 0; i < tasks.Length; i++)
            {
                tasks[i] = group.Start(coroutines[i]);
            }
        });
        return Array.ConvertAll(tasks, static task => task.ToOutcome());
    }

    internal static async Coroutine<Outcome<T>[]> SettledAsync<T>(Coroutine<T>[] coroutines)
    {
        GiveUpIfCanceled<T>(coroutines);
        var tasks = new LoopTask<T>[coroutines.Length];
        await SettledAsync(group => StartAll(group, coroutines, tasks));
        return Array.ConvertAll(tasks, static task => task.ToOutcomeOfT());
    }

    private static async Coroutine SettledAsync(Action<TaskGroup> start)
    {
        var runner = LoopTask.CurrentOrThrow();
        runner.ThrowIfCanceled();
        var group = TaskGroup.Open(runner.EnterScope(), s_settled);
        try
        {
            await StartAndJoinAsync(group, start);
            group.Tasks.ThrowIfCutShort();
        }
        finally
        {
            runner.ExitScope(group.Scope);
        }
    }

    /// <summary>If not all can be started (one was awaited before), those that were are cancelled, and that is the failure.</summary>
    private static async Coroutine StartAndJoinAsync(TaskGroup group, Action<TaskGroup> start)
    {
        Exception? misuse = null;
        try
        {
            start(group);
        }
        catch (Exception failure)
        {
            misuse = failure;
            group.Scope.CancelCore($"not all could be started: {failure.Message}");
        }

        await group.Tasks.JoinAsync();
        if (misuse is not null)
        {
            group.Tasks.ReportFailures();
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(misuse);
        }
    }

    private static void StartAll<T>(TaskGroup group, Coroutine<T>[] coroutines, LoopTask<T>[] tasks)
    {
        for (var i = 0; i < tasks.Length; i++)
        {
            tasks[i] = group.Start(coroutines[i]);
        }
    }
}
