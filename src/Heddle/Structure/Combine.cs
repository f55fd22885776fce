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
    internal static void DiscardIfCanceled(ReadOnlySpan<Coroutine> coroutines)
    {
        if (IsCanceled)
        {
            foreach (var coroutine in coroutines)
            {
                coroutine.Discard();
            }
        }
    }

    /// <inheritdoc cref="DiscardIfCanceled(ReadOnlySpan{Coroutine})"/>
    internal static void DiscardIfCanceled<T>(ReadOnlySpan<Coroutine<T>> coroutines)
    {
        if (IsCanceled)
        {
            foreach (Coroutine coroutine in coroutines)
            {
                coroutine.Discard();
            }
        }
    }

    private static bool IsCanceled => Flow.Current.IsCanceled;

    internal static Coroutine AllAsync(Coroutine[] coroutines)
    {
        DiscardIfCanceled(coroutines);
        return RunAsync(
            s_all,
            [],
            group =>
            {
                foreach (var coroutine in coroutines)
                {
                    group.Start(coroutine);
                }
            });
    }

    internal static async Coroutine<T[]> AllAsync<T>(Coroutine<T>[] coroutines)
    {
        DiscardIfCanceled<T>(coroutines);
        var tasks = new LoopTask<T>[coroutines.Length];
        await RunAsync(s_all, tasks, group => StartAll(group, coroutines, tasks));
        return Array.ConvertAll(tasks, static task => task.Result);
    }

    /// <summary>Those of different types.</summary>
    internal static Coroutine AllAsync(LoopTask?[] tasks, Action<TaskGroup> start) => RunAsync(s_all, tasks, start);

    internal static async Coroutine<Outcome[]> SettledAsync(Coroutine[] coroutines)
    {
        DiscardIfCanceled(coroutines);
        var tasks = new LoopTask[coroutines.Length];
        await RunAsync(
            s_settled,
            tasks,
            group =>
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
        DiscardIfCanceled<T>(coroutines);
        var tasks = new LoopTask<T>[coroutines.Length];
        await RunAsync(s_settled, tasks, group => StartAll(group, coroutines, tasks));
        return Array.ConvertAll(tasks, static task => task.ToOutcomeOfT());
    }

    /// <summary>Starts all and waits for them. What is thrown then leaves results that nobody gets.</summary>
    private static async Coroutine RunAsync(TaskGroupOptions options, LoopTask?[] tasks, Action<TaskGroup> start)
    {
        var runner = LoopTask.CurrentOrThrow();
        runner.ThrowIfCanceled();
        var group = new TaskGroup(runner.EnterScope(), options);
        try
        {
            await StartAndJoinAsync(group, start);
            if (options.KeepGoing)
            {
                group.ThrowIfCutShort();
            }
            else
            {
                group.ThrowFirstFailure();
            }
        }
        catch (Exception) when (UnseenResults.AreIn(tasks))
        {
            await UnseenResults.DisposeAsync(runner.Loop, tasks);
            throw;
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

        await group.JoinAsync();
        if (misuse is not null)
        {
            group.ReportFailures();
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
