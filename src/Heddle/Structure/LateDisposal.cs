namespace Heddle;

/// <summary>An enumerator must not be disposed of while it moves: this waits in the background.</summary>
internal static class LateDisposal
{
    /// <param name="moving">The move that was abandoned.</param>
    /// <param name="enumerator">What is disposed of then.</param>
    /// <param name="loop">Told when that fails.</param>
    internal static void DisposeAfter(Task moving, IAsyncDisposable enumerator, EventLoop loop) => _ = DisposeAfterAsync(moving, enumerator, loop);

    private static async Task DisposeAfterAsync(Task moving, IAsyncDisposable enumerator, EventLoop loop)
    {
        await moving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        try
        {
            await enumerator.DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            loop.Post(static s => s.Loop.Report(LoopReports.CallbackFailed(null, s.Failure)), (Loop: loop, Failure: failure));
        }
    }
}
