namespace Heddle;

/// <content>Starting a task and waiting until it says that it is up.</content>
public sealed partial class TaskGroup
{
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
        _tasks.HeedHandshakes();
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
}
