namespace Heddle;

/// <summary>A call into a loop from another thread: starts a task there and passes on how it ended.</summary>
internal sealed class LoopCall<T>(EventLoop loop, Func<Coroutine<T>> body, CancellationToken token) : LoopAction, IOutlivesLoop
{
    private readonly TaskCompletionSource<T> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private CancellationTokenRegistration _registration;

    internal Task<T> Task => _completion.Task;

    public void RunElsewhere()
    {
        _registration.Unregister();
        _completion.TrySetException(loop.DiedOf is { } failure
            ? new ObjectDisposedException($"The loop '{loop.Name}' has died, so nothing can run on it any more: {failure.Message}", failure)
            : new ObjectDisposedException(nameof(EventLoopThread), $"The loop '{loop.Name}' has ended, so nothing can run on it any more."));
    }

    internal override void Invoke()
    {
        if (token.IsCancellationRequested)
        {
            _completion.TrySetCanceled(token);
            return;
        }

        if (loop.Root.ClosedBecause is not null)
        {
            RunElsewhere();
            return;
        }

        var task = new LoopTask<T>("RunAsync");
        loop.BeginCall(this);
        loop.Root.Start(task, CallAsync().Take());
        task.MarkObserved();
        task.OnCompleted(Finish);
        _registration = token.UnsafeRegister(
            static state =>
            {
                var (loop, task) = ((EventLoop, LoopTask<T>))state!;
                loop.Post(static task => task.Cancel("the caller's token was cancelled"), task);
            },
            (loop, task));
    }

    /// <summary>So that a body that throws before it returns a coroutine fails the task, too.</summary>
    private async Coroutine<T> CallAsync() => await body();

    private void Finish(LoopTask ended)
    {
        loop.EndCall(this);
        _registration.Unregister();
        var task = (LoopTask<T>)ended;
        if (task.IsCompletedSuccessfully)
        {
            _completion.TrySetResult(task.Value);
        }
        else if (task.IsFaulted)
        {
            _completion.TrySetException(task.Failure!);
        }
        else if (loop.DiedOf is not null && !token.IsCancellationRequested)
        {
            RunElsewhere();
        }
        else
        {
            _completion.TrySetCanceled(token.IsCancellationRequested ? token : new CancellationToken(canceled: true));
        }
    }
}
