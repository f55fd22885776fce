using System.Net;
using System.Net.Sockets;
using Heddle.LowLevel;

namespace Heddle.Testing;

/// <summary>A loop's end of a <see cref="MemoryNetwork"/>. Whatever ends an operation is posted to the loop, so there never is anything to look for.</summary>
internal sealed class MemoryPoller(MemoryNetwork network, EventLoop loop) : INetworkPoller
{
    private readonly ManualResetEventSlim _wake = new(false, spinCount: 0);
    private readonly HashSet<LoopTimer> _timers = [];

    public int PendingOperations { get; internal set; }

    public bool IsSimulated => true;

    internal EventLoop Loop => loop;

    internal MemoryNetwork Network => network;

    public void Wait(TimeSpan timeout)
    {
        _wake.Wait(timeout < TimeSpan.FromDays(1) ? timeout : TimeSpan.FromDays(1));
        _wake.Reset();
    }

    public void Wake() => _wake.Set();

    public void Dispose()
    {
        // What is still on its way arrives nowhere, and is no timer that the program has left set.
        foreach (var timer in _timers)
        {
            timer.Cancel();
        }

        network.Detach();
        _wake.Dispose();
    }

    public IoResult<StreamTransport> Connect(
        EndPoint remote, SocketSettings options, IIoCompletion<StreamTransport> completion, out IConnectAttempt? attempt)
    {
        ArgumentNullException.ThrowIfNull(remote);
        ArgumentNullException.ThrowIfNull(options);
        attempt = null;
        remote = network.Target(remote);
        EndPoint? local;
        try
        {
            local = options.LocalEndPoint is { } chosen ? network.Bind(chosen) : network.SourceFor(remote);
        }
        catch (SocketException failure)
        {
            return new(failure.SocketErrorCode);
        }

        var connecting = new MemoryConnect(this, remote, local, options, completion);
        attempt = connecting;
        return IoResult<StreamTransport>.Pending;
    }

    public ListenTransport Listen(EndPoint local, ListenSettings options)
    {
        ArgumentNullException.ThrowIfNull(local);
        ArgumentNullException.ThrowIfNull(options);
        return new MemoryListener(this, network.Bind(local), options);
    }

    public DatagramTransport OpenDatagram(EndPoint local, SocketSettings options)
    {
        ArgumentNullException.ThrowIfNull(local);
        ArgumentNullException.ThrowIfNull(options);
        return new MemoryDatagram(this, network.Bind(local), options);
    }

    public Coroutine<IReadOnlyList<IPAddress>>? Resolve(string host) => ResolveAsync(host);

    private async Coroutine<IReadOnlyList<IPAddress>> ResolveAsync(string host)
    {
        // An answer takes a turn, as it does from anybody.
        await Coroutine.Delay(network.Latency);
        return network.AddressesOf(host);
    }

    /// <summary>Runs it at a later turn, when what is sent now has arrived.</summary>
    /// <param name="callback">What.</param>
    /// <param name="state">For what.</param>
    /// <param name="way">On which it is sent; null if that makes no difference.</param>
    internal void AfterLatency<TState>(Action<TState> callback, TState state, NetworkWay? way = null)
    {
        var latency = network.Latency + (way?.Delay(bytes: 0) ?? TimeSpan.Zero);
        if (latency == TimeSpan.Zero)
        {
            loop.Post(callback, state);
        }
        else
        {
            After(latency, () => callback(state));
        }
    }

    /// <summary>Runs it after so long.</summary>
    internal void After(TimeSpan delay, Action action)
    {
        LoopTimer timer = null!;
        timer = new LoopTimer(loop, () =>
        {
            _timers.Remove(timer);
            action();
        });
        Schedule(timer, delay);
    }

    /// <summary>Sets a timer of the network's own.</summary>
    internal void Schedule(LoopTimer timer, TimeSpan delay)
    {
        _timers.Add(timer);
        timer.Schedule(delay);
    }
}

/// <summary>The one operation that may be under way in a direction.</summary>
internal struct MemoryOperation<T>
{
    private IIoCompletion<T>? _completion;

    internal readonly bool IsPending => _completion is not null;

    internal IoResult<T> Begin(MemoryPoller poller, IIoCompletion<T> completion)
    {
        _completion = completion;
        poller.PendingOperations++;
        return IoResult<T>.Pending;
    }

    /// <summary>Within the call that closes the operation's own end; else between steps, and never within a call of the other end's.</summary>
    internal void End(MemoryPoller poller, IoResult<T> result)
    {
        var completion = _completion;
        if (TryCancel(poller))
        {
            completion!.Complete(result);
        }
    }

    internal bool TryCancel(MemoryPoller poller)
    {
        if (_completion is null)
        {
            return false;
        }

        _completion = null;
        poller.PendingOperations--;
        return true;
    }
}

/// <summary>A connection that is being made: one way to the listener, and one back.</summary>
internal sealed class MemoryConnect : IConnectAttempt
{
    /// <summary>As long as Linux asks again, by default.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(130);

    private readonly MemoryPoller _poller;
    private readonly EndPoint _remote;
    private readonly EndPoint? _local;
    private readonly SocketSettings _options;
    private readonly (NetworkWay There, NetworkWay Back)? _ways;
    private readonly SimulatedProcess? _process = SimulatedProcess.Current;
    private MemoryOperation<StreamTransport> _connect;

    internal MemoryConnect(
        MemoryPoller poller, EndPoint remote, EndPoint? local, SocketSettings options, IIoCompletion<StreamTransport> completion)
    {
        (_poller, _remote, _local, _options) = (poller, remote, local, options);
        _ways = poller.Network.Hosts?.OpenStream(local, remote);
        _connect.Begin(poller, completion);
        if (_ways is { } ways && (ways.There.HangsUp || ways.There.IsCut))
        {
            poller.After(s_patience, () => _connect.End(poller, new(SocketError.TimedOut)));
            if (ways.There.IsCut)
            {
                ways.There.WhenHealed(() => poller.AfterLatency(static connect => connect.Knock(), this, ways.There));
            }

            return;
        }

        poller.AfterLatency(static connect => connect.Knock(), this, _ways?.There);
    }

    public void Cancel() => _connect.TryCancel(_poller);

    private void Knock()
    {
        if (!_connect.IsPending)
        {
            return;
        }

        if (_ways is { There.IsCut: true } ways)
        {
            // It was cut, or the host has gone down, while this was on its way: it is asked again.
            ways.There.WhenHealed(Knock);
            return;
        }

        var listener = _poller.Network.Find(_remote, out var error);
        if (listener is null || _ways is { There.IsRefused: true })
        {
            error = listener is null ? error : SocketError.ConnectionRefused;
            _poller.AfterLatency(
                static failed => failed.Connect._connect.End(failed.Connect._poller, new(failed.Error)), (Connect: this, Error: error), _ways?.Back);
        }
        else if (!listener.TryTake(this))
        {
            listener.LetWait(this);
        }
    }

    /// <summary>The listener has room: both ends are there from now on.</summary>
    /// <returns>The listener's end; null if the other has given up.</returns>
    internal StreamTransport? Establish(ListenSettings listener)
    {
        if (!_connect.IsPending)
        {
            return null;
        }

        var (here, there) = MemoryConnection.CreatePair(
            _poller, _local, _remote, _poller.Network.BufferSizeOf(_options), _poller.Network.BufferSizeOf(listener), _ways);
        _poller.AfterLatency(static made => made.Connect.OnEstablished(made.Transport), (Connect: this, Transport: here), _ways?.Back);
        return there;
    }

    internal void Refuse() => _connect.End(_poller, new(SocketError.ConnectionRefused));

    private void OnEstablished(MemoryConnection transport)
    {
        if (_connect.IsPending)
        {
            _process?.Open(transport);
            _connect.End(_poller, new(transport));
        }
        else
        {
            transport.Dispose();
        }
    }
}
