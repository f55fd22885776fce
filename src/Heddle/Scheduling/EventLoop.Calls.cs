using System.Runtime.InteropServices;

namespace Heddle;

/// <content>What comes from outside: callbacks and calls from any thread, and signals.</content>
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
        Submit(posted);
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
        Submit(call);
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

            if (loop.RootSet.ClosedBecause is not null)
            {
                Drop();
                return;
            }

            var task = new LoopTask<T>(name);
            loop.BeginUnderWay(this);
            loop.RootSet.Start(task, CallAsync().Take());
            task.MarkObserved();
            task.OnCompleted(Finish);
            _registration = token.UnsafeRegister(
                static state =>
                {
                    var (loop, task) = ((EventLoop, LoopTask<T>))state!;
                    loop.Submit(static task => task.Cancel("the caller's token was cancelled"), task);
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

    private readonly Lock _signalLock = new();
    private readonly HashSet<SignalHandler> _signalHandlers = [];

    private int _interruptedBy;

    /// <summary>The signal that told the run to end: SIGINT for Ctrl+C, or SIGTERM; null while none has. Any thread.</summary>
    /// <remarks>
    /// For clean-up that depends on it. The cancellation itself says why by its <see cref="ScopeCanceledException.Reason"/>, and once all has ended
    /// <see cref="Run(Coroutine, EventLoopOptions?)"/> throws a <see cref="LoopInterruptedException"/> with the signal.
    /// </remarks>
    public PosixSignal? InterruptedBy => Volatile.Read(ref _interruptedBy) is var signal && signal != 0 ? (PosixSignal)signal : null;

    /// <summary>Has the handler run on the loop, between steps, whenever the signal comes, instead of what the system would do. Any thread.</summary>
    /// <remarks>
    /// It runs in the ambient context of who registers it, and is registered until the loop's end at most: a signal that comes later has the
    /// system's way. Ctrl+C and SIGTERM are handled by the loop itself unless <see cref="EventLoopOptions.HandleSignals"/> is off.
    /// The counterpart of <c>loop.add_signal_handler</c>.
    /// </remarks>
    /// <returns>Dispose of it to stop listening.</returns>
    /// <exception cref="PlatformNotSupportedException">The system does not know the signal.</exception>
    /// <exception cref="ObjectDisposedException">The loop has ended.</exception>
    public IDisposable OnSignal(PosixSignal signal, Action<PosixSignal> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        var registered = new SignalHandler(this, signal, handler);
        lock (_signalLock)
        {
            if (!HasEnded)
            {
                _signalHandlers.Add(registered);
                return registered;
            }
        }

        registered.Dispose();
        throw new ObjectDisposedException(nameof(EventLoop), $"The loop '{Name}' has ended, so no signal can be handled on it any more.");
    }

    /// <summary>The loop has ended.</summary>
    private void DropSignalHandlers()
    {
        SignalHandler[] left;
        lock (_signalLock)
        {
            left = [.. _signalHandlers];
        }

        foreach (var handler in left)
        {
            handler.Dispose();
        }
    }

    private sealed class SignalHandler : IDisposable
    {
        private readonly EventLoop _loop;
        private readonly Action<PosixSignal> _handler;
        private readonly ExecutionContext? _context = ExecutionContext.Capture();
        private readonly PosixSignalRegistration _registration;

        internal SignalHandler(EventLoop loop, PosixSignal signal, Action<PosixSignal> handler)
        {
            _loop = loop;
            _handler = handler;
            _registration = PosixSignalRegistration.Create(signal, OnSignal);
        }

        public void Dispose()
        {
            _registration.Dispose();
            lock (_loop._signalLock)
            {
                _loop._signalHandlers.Remove(this);
            }
        }

        /// <summary>On a thread of its own. A loop that has ended handles nothing, also when its end comes between.</summary>
        private void OnSignal(PosixSignalContext context)
            => context.Cancel = _loop.TryPost(_handler, context.Signal, _context);
    }

    /// <summary>The first Ctrl+C or SIGTERM cancels the main task; the second has the system's way.</summary>
    private sealed class MainSignals : IDisposable
    {
        private readonly EventLoop _loop;
        private readonly EndWatch _ending;
        private readonly PosixSignalRegistration _interrupt;
        private readonly PosixSignalRegistration _terminate;
        private int _count;

        internal MainSignals(EventLoop loop, EndWatch ending)
        {
            _loop = loop;
            _ending = ending;
            _interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal);
            _terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal);
        }

        public void Dispose()
        {
            _interrupt.Dispose();
            _terminate.Dispose();
        }

        private void OnSignal(PosixSignalContext context)
        {
            if (Interlocked.Increment(ref _count) > 1)
            {
                return;
            }

            context.Cancel = true;
            _ending.Begin(ReasonOf(context.Signal));
            _loop.Submit(Interrupt, context.Signal);
        }

        private void Interrupt(PosixSignal signal)
        {
            Volatile.Write(ref _loop._interruptedBy, (int)signal);
            _loop._main!.Cancel(ReasonOf(signal));
        }

        private static string ReasonOf(PosixSignal signal) => signal == PosixSignal.SIGINT ? "interrupted by Ctrl+C" : "terminated by SIGTERM";
    }
}

/// <summary>How a program ends that a signal has ended and that does not catch the <see cref="LoopInterruptedException"/>.</summary>
/// <remarks>
/// With the signal's exit code, as a shell expects it. .NET's way for an exception that nobody catches, a stack on the
/// terminal and a core dump, is for defects; that somebody presses Ctrl+C is none.
/// </remarks>
internal static class InterruptedExit
{
    private static int s_isPrepared;

    internal static void Prepare()
    {
        if (Interlocked.Exchange(ref s_isPrepared, 1) == 0)
        {
            AppDomain.CurrentDomain.UnhandledException += static (_, unhandled) =>
            {
                if (unhandled.ExceptionObject is LoopInterruptedException { Signal: var signal })
                {
                    Environment.Exit(signal == PosixSignal.SIGINT ? 130 : 143);
                }
            };
        }
    }
}
