using System.Net;
using Heddle.LowLevel;

namespace Heddle;

/// <summary>Several loops, each on a thread of its own, that share the work of one server: one loop a core.</summary>
/// <remarks>
/// The program's objects are not shared between the loops: each runs the body on its own, and what they have in common is the
/// port. All members may be called from any thread.
/// </remarks>
public sealed class EventLoopGroup : IAsyncDisposable
{
    private readonly EventLoopThread[] _loops;

    /// <summary>Starts the loops.</summary>
    /// <param name="count">Default: as many as the machine has cores.</param>
    /// <param name="options">For each of them; the name gets a number.</param>
    public EventLoopGroup(int? count = null, Func<int, EventLoopOptions>? options = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count ?? 1, nameof(count));
        options ??= static number => new EventLoopOptions { Name = $"loop-{number}" };
        _loops = [.. Enumerable.Range(0, count ?? Environment.ProcessorCount).Select(number => new EventLoopThread(options(number)))];
    }

    /// <summary>The loops.</summary>
    public IReadOnlyList<EventLoopThread> Loops => _loops;

    /// <summary>Runs the body once on each loop; completes when all have ended.</summary>
    /// <param name="body">Called on each loop's thread.</param>
    /// <param name="cancellationToken">Cancels them all.</param>
    /// <returns>Faulted if one failed; the others are cancelled then, and awaited.</returns>
    public async Task RunAsync(Func<Coroutine> body, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(body);
        using var all = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var running = _loops.Select(loop => loop.RunAsync(body, all.Token)).ToArray();
        foreach (var one in running)
        {
            _ = one.ContinueWith(
                static (_, all) => ((CancellationTokenSource)all!).Cancel(),
                all,
                CancellationToken.None,
                TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously,
                TaskScheduler.Default);
        }

        var whole = Task.WhenAll(running);
        await whole.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.None);
        await whole.ConfigureAwait(false);
    }

    /// <summary>Serves a port from all loops: the system gives each connection to one of them. Until the token is cancelled.</summary>
    /// <param name="endPoint">Not port 0, of which each loop would get another.</param>
    /// <param name="handler">Runs on the loop that got the connection.</param>
    /// <param name="options">Null for the defaults.</param>
    /// <param name="cancellationToken">Stops serving.</param>
    /// <exception cref="ConnectionException">In the returned task: the end point is in use, not this machine's, or not allowed.</exception>
    public Task ServeTcpAsync(
        IPEndPoint endPoint, Func<TcpConnection, Coroutine> handler, ServerOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(endPoint);
        ArgumentNullException.ThrowIfNull(handler);
        ArgumentOutOfRangeException.ThrowIfZero(endPoint.Port, nameof(endPoint));
        options ??= new();
        var shared = options with { Socket = options.Socket with { ReusePort = true } };
        return RunAsync(() => TcpServer.ServeAsync(endPoint, handler, shared), cancellationToken);
    }

    /// <summary>Cancels what runs on the loops; completes when all have ended.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var loop in _loops)
        {
            await loop.DisposeAsync().ConfigureAwait(false);
        }
    }
}
