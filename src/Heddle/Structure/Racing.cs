namespace Heddle;

/// <summary>The first one decides.</summary>
internal static class Racing
{
    private static readonly TaskGroupOptions s_options = new() { Name = "Race", KeepGoing = true };

    internal static async Coroutine<T> RunAsync<T>(Coroutine<T>[] coroutines)
    {
        Combine.DiscardIfCanceled<T>(coroutines);

        // Taken and not awaited: an await would lose it to a cancellation of the caller in this very turn.
        var winner = (LoopTask<T>)await RunAsync(coroutines.Length, (group, i) => group.Start(coroutines[i]));
        return winner.Result;
    }

    internal static async Coroutine RunAsync(Coroutine[] coroutines)
    {
        Combine.DiscardIfCanceled(coroutines);
        (await RunAsync(coroutines.Length, (group, i) => group.Start(coroutines[i]))).ThrowIfNotSuccess();
    }

    /// <returns>The winner, which has ended.</returns>
    private static async Coroutine<LoopTask> RunAsync(int count, Func<TaskGroup, int, LoopTask> start)
    {
        if (count == 0)
        {
            throw new ArgumentException("A race needs at least one coroutine: with none it would never end.", "coroutines");
        }

        var runner = LoopTask.CurrentOrThrow();
        runner.ThrowIfCanceled();
        var scope = runner.EnterScope();
        LoopTask? winner = null;
        var losers = new List<LoopTask>();
        var group = new TaskGroup(scope, s_options, task =>
        {
            if (winner is null && !task.IsCanceled)
            {
                winner = task;
                scope.CancelCore($"{task.Describe()} has won the race");
            }
            else
            {
                losers.Add(task);
            }
        });
        try
        {
            try
            {
                for (var i = 0; i < count; i++)
                {
                    _ = start(group, i);
                }
            }
            catch (Exception failure)
            {
                scope.CancelCore($"not all could be started: {failure.Message}");
                await group.JoinAsync();
                await SettleLosersAsync(runner.Loop, [.. losers, .. Winner()]);
                throw;

                IEnumerable<LoopTask> Winner() => winner is null ? [] : [winner];
            }

            await group.JoinAsync();
            if (winner is null)
            {
                group.ThrowIfCutShort();
            }
        }
        finally
        {
            runner.ExitScope(scope);
        }

        await SettleLosersAsync(runner.Loop, losers);

        // Each one was cancelled by hand: there is no winner, so the last one's end stands for all.
        return winner ?? losers[^1];
    }

    private static async Coroutine SettleLosersAsync(EventLoop loop, List<LoopTask> losers)
    {
        foreach (var loser in losers)
        {
            if (loser.IsFaulted)
            {
                loser.MarkObserved();
                loop.Report(LoopReports.NotThrown(loser));
            }
        }

        if (UnseenResults.AreIn(losers))
        {
            await UnseenResults.DisposeAsync(loop, losers);
        }
    }
}
