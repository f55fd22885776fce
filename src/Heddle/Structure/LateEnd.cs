namespace Heddle;

/// <summary>Foreign tasks whose end somebody has to see to.</summary>
internal static class LateEnd
{
    /// <summary>An enumerator must not be disposed of while it moves: this waits in the background.</summary>
    /// <param name="moving">The move that was abandoned.</param>
    /// <param name="enumerator">What is disposed of then.</param>
    /// <param name="loop">Told when that fails.</param>
    internal static void DisposeAfter(Task moving, IAsyncDisposable enumerator, EventLoop loop) => _ = DisposeAfterAsync(moving, enumerator, loop);

    /// <summary>Waits for the task's end. How it ended is looked at by others.</summary>
    internal static async Coroutine WaitAsync(Task task)
    {
        try
        {
            await task.OrCanceled();
        }
        catch (Exception) when (task.IsCompleted)
        {
            // As said.
        }
    }

    private static async Task DisposeAfterAsync(Task moving, IAsyncDisposable enumerator, EventLoop loop)
    {
        await moving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        try
        {
            await enumerator.DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            loop.Submit(static s => s.Loop.Report(LoopReports.CallbackFailed(null, s.Failure)), (Loop: loop, Failure: failure));
        }
    }
}
