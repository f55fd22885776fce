namespace Heddle;

/// <summary>A loop on a thread of its own, beside other threads: for programs whose main thread is not a loop's.</summary>
/// <remarks>All members may be called from any thread. It takes no signals.</remarks>
public sealed class EventLoopThread : IDisposable, IAsyncDisposable
{
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CoroutineSource<bool> _stop = new();
    private readonly EventLoop _loop;
    private readonly Thread _thread;
    private int _isDisposed;

    /// <summary>Starts the thread and its loop.</summary>
    /// <param name="options">The loop's options; its signal handling is ignored.</param>
    public EventLoopThread(EventLoopOptions? options = null)
    {
        options ??= new EventLoopOptions();
        var running = new TaskCompletionSource<EventLoop>();
        _thread = new Thread(() => Run(options, running)) { IsBackground = true, Name = $"Heddle {options.Name}" };
        _thread.UnsafeStart();
        _loop = running.Task.GetAwaiter().GetResult();
    }

    /// <summary>The loop, for <see cref="EventLoop.Post(Action)"/>.</summary>
    public EventLoop Loop => _loop;

    /// <inheritdoc cref="EventLoop.RunAsync(Func{Coroutine}, CancellationToken)"/>
    public Task RunAsync(Func<Coroutine> body, CancellationToken cancellationToken = default) => _loop.RunAsync(body, cancellationToken);

    /// <inheritdoc cref="EventLoop.RunAsync(Func{Coroutine}, CancellationToken)"/>
    public Task<T> RunAsync<T>(Func<Coroutine<T>> body, CancellationToken cancellationToken = default) => _loop.RunAsync(body, cancellationToken);

    /// <summary>Cancels what runs on the loop and waits until it has ended. From the loop's own thread, only asks for it.</summary>
    public void Dispose()
    {
        Stop();
        if (!IsOnThread)
        {
            _thread.Join();
        }
    }

    /// <summary>Cancels what runs on the loop; completes when it has ended. From the loop's own thread, only asks for it.</summary>
    public ValueTask DisposeAsync()
    {
        Stop();
        return IsOnThread ? default : new(_ended.Task);
    }

    /// <summary>Also once its loop has ended, when what it reports may have somebody dispose of it.</summary>
    private bool IsOnThread => Thread.CurrentThread == _thread;

    private void Stop()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) == 0)
        {
            _loop.Post(static stop => stop.TrySetResult(true), _stop);
        }
    }

    private void Run(EventLoopOptions options, TaskCompletionSource<EventLoop> running)
    {
        try
        {
            EventLoop.RunUntilStopped(
                async () =>
                {
                    running.SetResult(EventLoop.Current);
                    await _stop;
                },
                options);
            _ended.SetResult();
        }
        catch (Exception failure)
        {
            if (!running.TrySetException(failure))
            {
                // Not the field: the one who sets it may not have come to that.
                var loop = running.Task.Result;
                _ended.SetException(failure);
                loop.Report(LoopReports.Died(loop, failure));
            }
        }
    }
}
