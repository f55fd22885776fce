namespace Heddle;

/// <content>Callbacks and calls, from any thread.</content>
public sealed partial class EventLoop
{
    /// <summary>Callbacks that were posted and had no turn before the end.</summary>
    private int _dropped;

    /// <summary>Has the callback run on the loop's thread, between the steps of tasks. Any thread. The counterpart of <c>call_soon_threadsafe</c>.</summary>
    /// <remarks>
    /// Callbacks run in the order of posting, each in the ambient context (<see cref="AsyncLocal{T}"/>, culture) of who posted it. What one throws
    /// goes to the loop's handler. Callbacks do not keep a loop: those that come, or go on posting others, after the last task has
    /// ended may have no turn, which is reported. After the loop's end nothing happens: <see cref="TryPost(Action)"/> tells.
    /// </remarks>
    public void Post(Action callback) => TryPost(callback);

    /// <inheritdoc cref="Post(Action)"/>
    public void Post<TState>(Action<TState> callback, TState state) => TryPost(callback, state);

    /// <summary>As <see cref="Post(Action)"/>, and says whether the loop has taken it in. Any thread.</summary>
    /// <returns>False if the loop has ended, so that the callback will not run.</returns>
    public bool TryPost(Action callback)
    {
        ArgumentNullException.ThrowIfNull(callback);
        return TryPost(static action => action(), callback);
    }

    /// <inheritdoc cref="TryPost(Action)"/>
    public bool TryPost<TState>(Action<TState> callback, TState state)
    {
        ArgumentNullException.ThrowIfNull(callback);
        return TryPost(callback, state, ExecutionContext.Capture());
    }

    private bool TryPost<TState>(Action<TState> callback, TState state, ExecutionContext? context)
    {
        if (HasEnded)
        {
            return false;
        }

        var posted = new PostedCallback<TState>(this, callback, state, context);
        Enter(posted);
        return !posted.IsDropped;
    }

    /// <summary>Runs the coroutine on the loop as a task of its own. Any thread. The counterpart of <c>asyncio.run_coroutine_threadsafe</c>.</summary>
    /// <param name="body">Called on the loop's thread, in the caller's ambient context (<see cref="AsyncLocal{T}"/>, <c>Activity.Current</c>, culture).</param>
    /// <param name="cancellationToken">Cancels the task.</param>
    /// <remarks>
    /// A function on a thread that is not the loop's may block on the task: <c>loop.RunAsync(F).GetAwaiter().GetResult()</c>. On the loop's own
    /// thread that could never end; await the coroutine there.
    /// </remarks>
    /// <returns>
    /// Completes as the coroutine does: cancelled if the token or the loop's end cancelled it. Its continuations do not run on the loop.
    /// </returns>
    /// <exception cref="ObjectDisposedException">In the returned task: the loop has ended.</exception>
    public Task RunAsync(Func<Coroutine> body, CancellationToken cancellationToken = default) => StartCall(body, null, cancellationToken);

    /// <param name="body">Called on the loop's thread, in the caller's ambient context.</param>
    /// <param name="name">The task's, for reports and snapshots; null for one made from its number.</param>
    /// <param name="cancellationToken">Cancels the task.</param>
    /// <inheritdoc cref="RunAsync(Func{Coroutine}, CancellationToken)"/>
    public Task RunAsync(Func<Coroutine> body, string? name, CancellationToken cancellationToken = default) => StartCall(body, name, cancellationToken);

    /// <inheritdoc cref="RunAsync(Func{Coroutine}, CancellationToken)"/>
    public Task<T> RunAsync<T>(Func<Coroutine<T>> body, CancellationToken cancellationToken = default) => StartCall(body, null, cancellationToken);

    /// <inheritdoc cref="RunAsync(Func{Coroutine}, string, CancellationToken)"/>
    public Task<T> RunAsync<T>(Func<Coroutine<T>> body, string? name, CancellationToken cancellationToken = default)
        => StartCall(body, name, cancellationToken);

    private Task<Nothing> StartCall(Func<Coroutine> body, string? name, CancellationToken token)
    {
        ArgumentNullException.ThrowIfNull(body);
        return StartCall(Call<Nothing>.WithoutResult(body), name, token);
    }

    private Task<T> StartCall<T>(Func<Coroutine<T>> body, string? name, CancellationToken token)
    {
        ArgumentNullException.ThrowIfNull(body);
        if (token.IsCancellationRequested)
        {
            return Task.FromCanceled<T>(token);
        }

        var call = new Call<T>(this, body, name, token);
        Enter(call);
        return call.Task;
    }

    /// <summary>For who asks something of a loop that is over.</summary>
    private ObjectDisposedException EndedException() => DiedOf is { } failure
        ? new($"The loop '{Name}' has died, so nothing can run on it any more: {failure.Message}", failure)
        : new(_isService ? nameof(EventLoopThread) : nameof(EventLoop), $"The loop '{Name}' has ended, so nothing can run on it any more.");

    private sealed class PostedCallback<TState>(EventLoop loop, Action<TState> callback, TState state, ExecutionContext? context) : ILoopItem
    {
        internal bool IsDropped { get; private set; }

        public ExecutionContext? Context => context;

        public void Run() => callback(state);

        public void Drop()
        {
            IsDropped = true;
            Interlocked.Increment(ref loop._dropped);
        }
    }

    /// <summary>Starts a task on the loop, and passes on how it ended.</summary>
    private sealed class Call<T>(EventLoop loop, Func<Coroutine<T>> body, string? name, CancellationToken token) : ILoopItem
    {
        private readonly TaskCompletionSource<T> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private CancellationTokenRegistration _registration;

        public ExecutionContext? Context { get; } = ExecutionContext.Capture();

        internal Task<T> Task => _completion.Task;

        /// <summary>Here, so that the lambda is seen as the library's own business.</summary>
        internal static Func<Coroutine<Nothing>> WithoutResult(Func<Coroutine> body) => async () =>
        {
            await body();
            return default;
        };

        public void Run()
        {
            if (token.IsCancellationRequested)
            {
                _completion.TrySetCanceled(token);
                return;
            }

            if (loop.Root.ClosedBecause is not null)
            {
                Drop();
                return;
            }

            var task = new LoopTask<T>(name);
            loop.BeginUnderWay(this);
            loop.Root.Start(task, CallAsync().Take());
            task.MarkObserved();
            task.OnCompleted(Finish);
            _registration = token.UnsafeRegister(
                static state =>
                {
                    var (loop, task) = ((EventLoop, LoopTask<T>))state!;
                    loop.Enter(static task => task.Cancel("the caller's token was cancelled"), task);
                },
                (loop, task));
        }

        public void Drop()
        {
            _registration.Unregister();
            _completion.TrySetException(loop.EndedException());
        }

        /// <summary>So that a body that throws before it returns a coroutine fails the task, too.</summary>
        private async Coroutine<T> CallAsync() => await body();

        private void Finish(LoopTask ended)
        {
            loop.EndUnderWay(this);
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
                Drop();
            }
            else
            {
                _completion.TrySetCanceled(token.IsCancellationRequested ? token : new CancellationToken(canceled: true));
            }
        }
    }
}
