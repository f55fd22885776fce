using Heddle.LowLevel;

namespace Heddle;

/// <summary>A loop on a thread of its own, beside other threads: for programs whose main thread is not a loop's.</summary>
/// <remarks>
/// All members may be called from any thread. It takes no signals. As with any thread, its own ambient context is that of who makes it; each call has
/// its caller's. <see cref="Dispose"/> and <see cref="DisposeAsync"/> do the same, one by blocking; <see cref="StopAsync(TimeSpan)"/> has a limit, and
/// tells what a loop died of.
/// </remarks>
public sealed class EventLoopThread : IDisposable, IAsyncDisposable
{
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly EventLoop _loop;
    private readonly Thread _thread;
    private Resumption<Nothing> _stop;
    private int _isStopping;

    /// <summary>Starts the thread and its loop.</summary>
    /// <param name="options">The loop's options; its signal handling is ignored.</param>
    public EventLoopThread(EventLoopOptions? options = null)
    {
        options ??= new EventLoopOptions();
        var running = new TaskCompletionSource<EventLoop>();
        _thread = new Thread(() => Run(options, running)) { IsBackground = true, Name = $"Heddle {options.Name}" };
        _thread.Start();
        _loop = running.Task.GetAwaiter().GetResult();
    }

    /// <summary>The loop, for <see cref="EventLoop.Post(Action)"/>.</summary>
    public EventLoop Loop => _loop;

    /// <summary>Also once its loop has ended, when what it reports may have somebody dispose of it.</summary>
    private bool IsOnThread => Thread.CurrentThread == _thread;

    /// <inheritdoc cref="EventLoop.RunAsync(Func{Coroutine}, CancellationToken)"/>
    public Task RunAsync(Func<Coroutine> body, CancellationToken cancellationToken = default) => _loop.RunAsync(body, cancellationToken);

    /// <inheritdoc cref="EventLoop.RunAsync(Func{Coroutine}, string, CancellationToken)"/>
    public Task RunAsync(Func<Coroutine> body, string? name, CancellationToken cancellationToken = default)
        => _loop.RunAsync(body, name, cancellationToken);

    /// <inheritdoc cref="EventLoop.RunAsync(Func{Coroutine}, CancellationToken)"/>
    public Task<T> RunAsync<T>(Func<Coroutine<T>> body, CancellationToken cancellationToken = default) => _loop.RunAsync(body, cancellationToken);

    /// <inheritdoc cref="EventLoop.RunAsync(Func{Coroutine}, string, CancellationToken)"/>
    public Task<T> RunAsync<T>(Func<Coroutine<T>> body, string? name, CancellationToken cancellationToken = default)
        => _loop.RunAsync(body, name, cancellationToken);

    /// <summary>Cancels what runs on the loop; completes when it has ended. From the loop's own thread, only asks for it.</summary>
    /// <param name="timeout">How long to wait; <see cref="Timeout.InfiniteTimeSpan"/> for as long as it takes. The loop goes on ending after it.</param>
    /// <returns>Fails with what the loop died of, if it did.</returns>
    /// <exception cref="TimeoutException">It has not ended by then; the message names the tasks that keep it, and what each waits for.</exception>
    public async Task StopAsync(TimeSpan timeout)
    {
        var ended = StopAsync();
        try
        {
            await ended.WaitAsync(timeout).ConfigureAwait(false);
        }
        catch (TimeoutException) when (!ended.IsCompleted)
        {
            throw new TimeoutException(
                $"The loop '{_loop.Name}' was told to stop and has not ended within {timeout.TotalSeconds:0.###} s. {await WhoIsLeftAsync().ConfigureAwait(false)} "
                + "A bare await of something foreign, a shield, or clean-up that takes its time keeps a task: give them a deadline, or make the wait "
                + "abandonable by OrCanceled().");
        }
    }

    /// <inheritdoc cref="StopAsync(TimeSpan)"/>
    public Task StopAsync()
    {
        AskToStop();
        return IsOnThread ? Task.CompletedTask : _ended.Task;
    }

    /// <summary>Cancels what runs on the loop and waits until it has ended. From the loop's own thread, only asks for it.</summary>
    /// <remarks>Never throws: what a loop died of was reported, and is told by <see cref="StopAsync()"/>.</remarks>
    public void Dispose()
    {
        AskToStop();
        if (!IsOnThread)
        {
            _thread.Join();
        }
    }

    /// <summary>Cancels what runs on the loop; completes when it has ended. From the loop's own thread, only asks for it.</summary>
    /// <inheritdoc cref="Dispose" path="/remarks"/>
    public async ValueTask DisposeAsync()
        => await StopAsync().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    private void AskToStop()
    {
        if (Interlocked.Exchange(ref _isStopping, 1) == 0)
        {
            _loop.Submit(static thread => thread._stop.TryResume(default), this);
        }
    }

    /// <summary>The loop may be held by one step, and then does not answer.</summary>
    private async Task<string> WhoIsLeftAsync()
    {
        var asked = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        _loop.Submit(static asked => asked.SetResult($"It waits for:\n{EventLoop.Current.Snapshot()}\n"), asked);
        try
        {
            return await asked.Task.WaitAsync(TimeSpan.FromSeconds(1)).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            return "Its thread does not come back from what it runs.";
        }
    }

    private void Run(EventLoopOptions options, TaskCompletionSource<EventLoop> running)
    {
        try
        {
            EventLoop.RunUntilStopped(() => Service.RunAsync(this, running), options);
            _ended.SetResult();
        }
        catch (Exception failure)
        {
            if (!running.TrySetException(failure))
            {
                // Not the field: the one who sets it may not have come to that.
                var loop = running.Task.Result;
                _ended.SetException(failure);

                // Nobody need ask, and it was reported.
                _ = _ended.Task.Exception;
                loop.Report(LoopReports.Died(loop, failure));
            }
        }
    }

    /// <summary>The loop's main coroutine, which is the library's own business.</summary>
    private static class Service
    {
        internal static async Coroutine RunAsync(EventLoopThread thread, TaskCompletionSource<EventLoop> running)
            => await Suspend.UntilResumedAsync<(EventLoopThread Thread, TaskCompletionSource<EventLoop> Running), Nothing>(
                (thread, running),
                static (stop, state) =>
                {
                    state.Thread._stop = stop;
                    state.Running.SetResult(EventLoop.Current);
                },
                static _ => true,
                "its thread to be stopped");
    }
}
