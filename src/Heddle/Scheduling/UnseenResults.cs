namespace Heddle;

/// <summary>Results that nobody will ever see: what they hold must not leak, so they are disposed of.</summary>
internal static class UnseenResults
{
    /// <summary>Whether there is anything to dispose of.</summary>
    internal static bool IsOne(object? result) => result is IAsyncDisposable or IDisposable;

    /// <inheritdoc cref="IsOne"/>
    internal static bool AreIn(IEnumerable<LoopTask?> tasks) => tasks.Any(static task => IsOne(task?.ResultOrNull));

    /// <summary>Disposes of those of the tasks that ended well, in a shield.</summary>
    internal static async Coroutine DisposeAsync(EventLoop loop, IEnumerable<LoopTask?> tasks)
    {
        foreach (var task in tasks)
        {
            if (IsOne(task?.ResultOrNull))
            {
                await DisposeAsync(loop, task, task!.ResultOrNull);
            }
        }
    }

    /// <param name="loop">Told when that fails.</param>
    /// <param name="task">Whose result it is, if a task's.</param>
    /// <param name="result">What nobody gets.</param>
    internal static async Coroutine DisposeAsync(EventLoop loop, LoopTask? task, object? result)
    {
        var current = LoopTask.CurrentOrThrow();
        var shield = current.EnterScope(isShield: true);
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
            loop.Report(LoopReports.CallbackFailed(task, failure));
        }
        finally
        {
            current.ExitScope(shield);
        }
    }
}
