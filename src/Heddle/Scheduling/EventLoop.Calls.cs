namespace Heddle;

/// <content>Calls from other threads.</content>
public sealed partial class EventLoop
{
    /// <summary>Runs the coroutine on the loop as a task of its own. Any thread. The counterpart of <c>asyncio.run_coroutine_threadsafe</c>.</summary>
    /// <param name="body">Called on the loop's thread.</param>
    /// <param name="cancellationToken">Cancels the task.</param>
    /// <remarks>
    /// A function on a thread that is not the loop's may block on the task: <c>loop.RunAsync(F).GetAwaiter().GetResult()</c>. On the loop's own
    /// thread that could never end; await the coroutine there.
    /// </remarks>
    /// <returns>
    /// Completes as the coroutine does: cancelled if the token or the loop's end cancelled it. Its continuations do not run on the loop.
    /// </returns>
    /// <exception cref="ObjectDisposedException">In the returned task: the loop has ended.</exception>
    public Task RunAsync(Func<Coroutine> body, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(body);
        return RunAsync<Nothing>(
            async () =>
            {
                await body();
                return default;
            },
            cancellationToken);
    }

    /// <inheritdoc cref="RunAsync(Func{Coroutine}, CancellationToken)"/>
    public Task<T> RunAsync<T>(Func<Coroutine<T>> body, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(body);
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled<T>(cancellationToken);
        }

        var call = new LoopCall<T>(this, body, cancellationToken);
        Enter(call);
        return call.Task;
    }
}
