using System.Diagnostics;
using System.Net;
using Heddle.LowLevel;

namespace Heddle;

/// <summary>Takes in connections, and runs a handler for each.</summary>
/// <remarks>
/// Each connection is a task in the server's group, and is closed when its handler ends. A handler's failure is reported to the
/// loop's handler and harms no other connection; a connection that broke under it is no failure of the program's and is not reported.
/// When the system cannot give it the next connection, or (on Linux) hardly any descriptors are left, the server reports that once and
/// tries again until it can. Dispose of it, or call <see cref="StopAsync"/>, to stop it: it takes in no more, gives its handlers
/// <see cref="ServerOptions.StopGrace"/> to end, cancels them, and awaits them all. When the scope is cancelled it stops at once. Members are for the loop's thread.
/// </remarks>
[DebuggerDisplay("{ToString(),nq}")]
public abstract partial class Server<TConnection> : IAsyncDisposable
    where TConnection : Connection
{
    private readonly ListenTransport[] _listeners;
    private readonly Func<TConnection, Coroutine> _handler;
    private readonly ServerOptions _options;
    private LoopTask? _serving;
    private CancelScope? _accepting;
    private TaskGroup? _handlers;

    private protected Server(ListenTransport[] listeners, Func<TConnection, Coroutine> handler, ServerOptions options)
    {
        _listeners = listeners;
        _handler = handler;
        _options = options;
        LocalEndPoints = [.. listeners.Select(static listener => listener.LocalEndPoint)];
        Loop = EventLoop.Current;
    }

    /// <summary>Where it listens; the first of <see cref="LocalEndPoints"/>.</summary>
    public EndPoint LocalEndPoint => LocalEndPoints[0];

    /// <summary>All end points that it listens at: several if it was started so, or by a name that has several addresses.</summary>
    public IReadOnlyList<EndPoint> LocalEndPoints { get; }

    /// <summary>How many connections it serves now.</summary>
    public int ConnectionCount { get; private set; }

    /// <summary>Whether it takes in connections.</summary>
    public bool IsListening { get; private set; } = true;

    private protected EventLoop Loop { get; }

    private string Place => string.Join(", ", LocalEndPoints.Select(IoFailures.Name));

    /// <summary>Takes in no more connections, waits for the handlers, cancels those that are not done after the grace, and awaits them.</summary>
    /// <param name="grace">Default: <see cref="ServerOptions.StopGrace"/>.</param>
    /// <remarks>If it is cancelled while it waits, the handlers are cancelled at once, and awaited all the same.</remarks>
    /// <exception cref="InvalidOperationException">A handler of the server itself awaits it, and so would wait for its own end.</exception>
    public async Coroutine StopAsync(TimeSpan? grace = null)
    {
        if (_handlers is { } handlers && CancelScope.Current.IsWithin(handlers.Scope))
        {
            throw StreamMisuse.StoppedByHandler(Place);
        }

        StopListening();
        if (_serving is not { IsCompleted: false } serving)
        {
            return;
        }

        try
        {
            await CancelScope.MoveOnAfterAsync(grace ?? _options.StopGrace, async _ => await serving);
        }
        finally
        {
            if (!serving.IsCompleted)
            {
                _handlers?.Cancel($"the server at {Place} stops");
                await CancelScope.ShieldAsync(async () => await LoopTask.WhenAny(serving));
            }
        }
    }

    /// <summary>Stops it as <see cref="StopAsync"/> does; without a grace if the scope is cancelled. Never throws a cancellation.</summary>
    public Coroutine DisposeAsync()
    {
        StopListening();
        if (_serving is not { IsCompleted: false })
        {
            return default;
        }

        var grace = CancelScope.Current.IsCanceled ? TimeSpan.Zero : _options.StopGrace;
        return CancelScope.ShieldAsync(() => StopAsync(grace));
    }

    ValueTask IAsyncDisposable.DisposeAsync() => DisposeAsync().AsValueTask();

    /// <summary>Where it listens, and how many it serves.</summary>
    public override string ToString()
        => $"{GetType().Name} at {Place} ({ConnectionCount} connections{(IsListening ? "" : ", stopped")})";

    private protected void Start() => _serving = LoopTask.Start(ServeAsync(), $"server at {Place}");

    /// <summary>The connection over what was accepted.</summary>
    private protected abstract TConnection Accept(StreamTransport transport);

    /// <summary>It is about to listen no more.</summary>
    private protected virtual void OnStopping()
    {
    }

    private void StopListening()
    {
        if (!IsListening)
        {
            return;
        }

        IsListening = false;
        OnStopping();
        Array.ForEach(_listeners, static listener => listener.Dispose());
        _accepting?.Cancel("the server stops");
    }
}
