namespace Heddle;

/// <summary>The first one decides.</summary>
internal static class Racing
{
    private static readonly TaskGroupOptions s_options = new() { Name = "Race", KeepGoing = true };

    internal static async Coroutine<T> RunAsync<T>(Coroutine<T>[] coroutines)
    {
        Combine.GiveUpIfCanceled<T>(coroutines);

        // Taken and not awaited: an await would lose it to a cancellation of the caller in this very turn.
        var winner = (LoopTask<T>)await RunAsync(
            coroutines.Length,
            (group, i) => group.Start(coroutines[i]),
            static loser => ((LoopTask<T>)loser).Value);
        return winner.Result;
    }

    internal static async Coroutine RunAsync(Coroutine[] coroutines)
    {
        Combine.GiveUpIfCanceled(coroutines);
        (await RunAsync(coroutines.Length, (group, i) => group.Start(coroutines[i]), static _ => null)).ThrowIfNotSuccess();
    }

    /// <returns>The winner, which has ended.</returns>
    private static async Coroutine<LoopTask> RunAsync(
        int count, Func<TaskGroup, int, LoopTask> start, Func<LoopTask, object?> resultOf)
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
        var group = TaskGroup.Open(scope, s_options, task =>
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
                await group.Tasks.JoinAsync();
                await CancelScope.ShieldAsync(() => SettleLosersAsync(runner.Loop, [.. losers, .. Winner()], resultOf));
                throw;

                IEnumerable<LoopTask> Winner() => winner is null ? [] : [winner];
            }

            await group.Tasks.JoinAsync();
            if (winner is null)
            {
                group.Tasks.ThrowIfCutShort();
            }

            group.Tasks.Close();
        }
        finally
        {
            runner.ExitScope(scope);
        }

        await CancelScope.ShieldAsync(() => SettleLosersAsync(runner.Loop, losers, resultOf));

        // Each one was cancelled by hand: there is no winner, so the last one's end stands for all.
        return winner ?? losers[^1];
    }

    private static async Coroutine SettleLosersAsync(EventLoop loop, List<LoopTask> losers, Func<LoopTask, object?> resultOf)
    {
        foreach (var loser in losers)
        {
            if (loser.IsFaulted)
            {
                loser.MarkObserved();
                loop.Report(LoopReports.NotThrown(loser));
            }
            else if (loser.IsCompletedSuccessfully)
            {
                await DisposeAsync(loop, loser, resultOf(loser));
            }
        }
    }

    /// <summary>A result that nobody will ever see must not leak what it holds.</summary>
    private static async Coroutine DisposeAsync(EventLoop loop, LoopTask loser, object? result)
    {
        try
        {
            if (result is IAsyncDisposable asyncDisposable)
            {
                await asyncDisposable.DisposeAsync();
            }
            else
            {
                (result as IDisposable)?.Dispose();
            }
        }
        catch (Exception failure)
        {
            loop.Report(LoopReports.CallbackFailed(loser, failure));
        }
    }
}
