using System.Net.Sockets;

namespace Heddle;

/// <summary>An event loop of one page: generators yield the socket that they wait for, and <c>Socket.Select</c> says whose turn it is.</summary>
/// <remarks>
/// It shows what an event loop is, and needs no <see cref="EventLoop"/>. Each step looks at every socket that is waited for,
/// so it is for tens of connections, not for thousands. Not thread-safe: all members are for the thread that runs it.
/// </remarks>
public sealed class SelectLoop : IDisposable
{
    private readonly Queue<Generator<SocketWait>> _ready = new();
    private readonly List<Waiting> _waiting = [];
    private bool _isStopping;

    /// <summary>How many of its coroutines have not ended.</summary>
    public int Count { get; private set; }

    /// <summary>Has the coroutine run, from the loop's next step on. The loop closes it when it is disposed of.</summary>
    public void Start(Generator<SocketWait> coroutine)
    {
        ArgumentNullException.ThrowIfNull(coroutine);
        _ready.Enqueue(coroutine);
        Count++;
    }

    /// <summary>Steps until all coroutines have ended, or one has called <see cref="Stop"/>.</summary>
    /// <remarks>What a coroutine throws comes out and ends that one; the others stand as they were, and this may be called again.</remarks>
    public void Run()
    {
        _isStopping = false;
        while (!_isStopping && Step(Timeout.InfiniteTimeSpan))
        {
        }
    }

    /// <summary>Has <see cref="Run"/> return after its present step. The coroutines stand as they are until it runs again.</summary>
    public void Stop() => _isStopping = true;

    /// <summary>Waits until a coroutine can go on, and runs each that can to its next yield.</summary>
    /// <param name="timeout">How long to wait at the most; <see cref="Timeout.InfiniteTimeSpan"/> for as long as it takes.</param>
    /// <returns>False if all have ended.</returns>
    public bool Step(TimeSpan timeout)
    {
        if (_waiting.Count > 0)
        {
            Select(_ready.Count > 0 ? TimeSpan.Zero : timeout);
        }

        for (var turns = _ready.Count; turns > 0; turns--)
        {
            RunToNextYield(_ready.Dequeue());
        }

        return Count > 0;
    }

    /// <summary>Closes all coroutines.</summary>
    /// <exception cref="AggregateException">Some failed meanwhile; all were closed.</exception>
    public void Dispose()
    {
        Generator<SocketWait>[] all = [.. _ready, .. _waiting.Select(static waiting => waiting.Coroutine)];
        _ready.Clear();
        _waiting.Clear();
        Count = 0;
        List<Exception>? failures = null;
        foreach (var coroutine in all)
        {
            try
            {
                coroutine.Dispose();
            }
            catch (Exception failure)
            {
                (failures ??= []).Add(failure);
            }
        }

        if (failures is not null)
        {
            throw new AggregateException("Coroutines failed while they were closed.", failures);
        }
    }

    /// <summary>Moves those whose socket is ready from the waiting to the ready.</summary>
    private void Select(TimeSpan timeout)
    {
        var readable = SocketsWaitedFor(isForWriting: false);
        var writable = SocketsWaitedFor(isForWriting: true);
        Socket.Select(readable, writable, checkError: null, timeout);
        _waiting.RemoveAll(waiting =>
        {
            var isReady = (waiting.IsForWriting ? writable : readable).Contains(waiting.Socket);
            if (isReady)
            {
                _ready.Enqueue(waiting.Coroutine);
            }

            return isReady;
        });
    }

    private List<Socket> SocketsWaitedFor(bool isForWriting)
        => [.. _waiting.Where(waiting => waiting.IsForWriting == isForWriting).Select(static waiting => waiting.Socket).Distinct()];

    private void RunToNextYield(Generator<SocketWait> coroutine)
    {
        var goesOn = false;
        try
        {
            goesOn = coroutine.TryNext(out var wait);
            if (goesOn && wait.Socket is { } socket)
            {
                _waiting.Add(new(coroutine, socket, wait.IsForWriting));
            }
            else if (goesOn)
            {
                _ready.Enqueue(coroutine);
            }
        }
        finally
        {
            if (!goesOn)
            {
                Count--;
            }
        }
    }

    private readonly record struct Waiting(Generator<SocketWait> Coroutine, Socket Socket, bool IsForWriting);
}
