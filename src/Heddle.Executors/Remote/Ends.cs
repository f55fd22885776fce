namespace Heddle;

/// <summary>Waiting on the loop for a task of others.</summary>
internal static class Ends
{
    /// <summary>Waits for its end, however it ends, also in a cancelled scope.</summary>
    internal static async Coroutine WaitAsync(Task task, TimeSpan timeout)
        => await CancelScope.ShieldAsync(async () => await CancelScope.MoveOnAfterAsync(timeout, async _ =>
        {
            try
            {
                await task.OrCanceled();
            }
            catch (Exception) when (task.IsCompleted)
            {
                // How it ended is looked at by others.
            }
        }));
}
