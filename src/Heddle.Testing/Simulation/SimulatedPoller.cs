using System.Diagnostics;
using System.Net;
using Heddle.LowLevel;

namespace Heddle.Testing;

/// <summary>Where a simulated loop would wait: moves the clock to the next timer, or says that nothing can ever go on. Its sockets are on the run's network.</summary>
internal sealed class SimulatedPoller(EventLoop loop, SimulationRun run, OutsideWatch outside) : INetworkPoller
{
    private readonly ManualResetEventSlim _wakened = new(false, spinCount: 0);
    private bool _isBroken;
    private bool _hasEnded;
    private bool _hasHttp;
    private INetworkPoller? _network;

    public int PendingOperations => _network?.PendingOperations ?? 0;

    public bool IsSimulated => true;

    /// <summary>Made when it is asked for: most programs have none.</summary>
    private INetworkPoller Network => _network ??= run.Network.AttachTo(loop);

    public void Wait(TimeSpan timeout)
    {
        run.Ready.OnIdle();
        if (_wakened.IsSet)
        {
            _wakened.Reset();
            outside.OnArrival(run);
        }
        else if (loop.HasReadyWork)
        {
            // A fault has struck after the last step: who was cancelled has its turn before any time passes.
            return;
        }
        else if (timeout != TimeSpan.Zero && !WaitForOutside())
        {
            if (loop.NextTimer is { } due)
            {
                run.Clock.MoveTo(due);
                run.Oracle.NoteTime(due.Ticks);
                run.OnProgress();
            }
            else
            {
                EndDeadlock();
            }
        }
    }

    public void Wake() => _wakened.Set();

    public void AwaitHttp()
    {
        _hasHttp = true;
        outside.AwaitHttp(loop, run);
    }

    public void Dispose()
    {
        _hasEnded = true;

        if (_hasHttp)
        {
            // What its handler does about the end of the loop is over before another run begins.
            AwaitHttp();
        }

        _network?.Dispose();
        if (!_isBroken)
        {
            run.OnLoopEnd(loop.NextTimer);
        }
    }

    public Coroutine<IReadOnlyList<IPAddress>>? Resolve(string host) => Network.Resolve(host);

    public IoResult<StreamTransport> Connect(
        EndPoint remote, SocketSettings options, IIoCompletion<StreamTransport> completion, out IConnectAttempt? attempt)
        => Network.Connect(remote, options, completion, out attempt);

    public ListenTransport Listen(EndPoint local, ListenSettings options) => Network.Listen(local, options);

    public DatagramTransport OpenDatagram(EndPoint local, SocketSettings options) => Network.OpenDatagram(local, options);

    /// <summary>By a timer of the network's, which is none that the program has left set.</summary>
    internal void After(TimeSpan delay, Action action)
    {
        _ = Network;
        run.Network.After(delay, action);
    }

    /// <returns>Null once the loop has ended.</returns>
    internal LoopSnapshot? Snapshot() => _hasEnded ? null : loop.Snapshot();

    /// <summary>Has the loop end where it stands, without another step: a clock that fails ends it.</summary>
    internal void BreakLoop()
    {
        if (!_isBroken)
        {
            _isBroken = true;
            new LoopTimer(loop, static () => { }).Schedule(TimeSpan.FromMilliseconds(1));
            run.Clock.Break(new LoopBrokenException());
        }
    }

    private void EndDeadlock()
    {
        var deadlock = new DeadlockException(Waits.Of(loop));
        if (run.Failure is not null)
        {
            // Cancelled, it waits all the same for what will not come.
            BreakLoop();
        }

        run.Fail(SimulationFailure.Of(deadlock));
        throw deadlock;
    }

    /// <summary>Others may end a wait, such as a thread that the program has started: the clock waits for them.</summary>
    private bool WaitForOutside()
    {
        if (!outside.MayCome(loop))
        {
            return false;
        }

        // Twice in a row, at least: a thread that has just taken its work from the pool is seen nowhere for a moment. And for longer if a timer of .NET's has
        // just fired, as on a busy machine it takes a while until its callback is seen.
        var start = Stopwatch.GetTimestamp();
        var timers = Timer.ActiveCount;
        var needed = OutsideWatch.QuietSlices;
        for (var quiet = 0; quiet < needed; quiet = outside.IsAtWork(loop, Stopwatch.GetElapsedTime(start)) ? 0 : quiet + 1)
        {
            if (Timer.ActiveCount < timers)
            {
                (timers, needed) = (Timer.ActiveCount, OutsideWatch.QuietSlicesAfterTimer);
            }

            if (_wakened.Wait(OutsideWatch.Slice))
            {
                _wakened.Reset();
                outside.OnArrival(run);
                return true;
            }
        }

        outside.OnVainWait(loop);
        return false;
    }
}

/// <summary>Ends a loop that does not end by itself.</summary>
internal sealed class LoopBrokenException() : Exception("The simulated run has failed and did not end when it was cancelled, so its loop was ended.");
