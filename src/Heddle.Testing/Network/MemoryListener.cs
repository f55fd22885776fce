using System.Net;
using System.Net.Sockets;
using Heddle.LowLevel;

namespace Heddle.Testing;

/// <summary>Takes in connections of a <see cref="MemoryNetwork"/>. Who finds its queue full waits at the door, as with the system's.</summary>
internal sealed class MemoryListener : ListenTransport
{
    private readonly MemoryPoller _poller;
    private readonly ListenSettings _settings;
    private readonly Queue<StreamTransport> _established = new();
    private readonly Queue<MemoryConnect> _atTheDoor = new();
    private readonly SimulatedProcess? _process = SimulatedProcess.Current;
    private MemoryOperation<StreamTransport> _accept;
    private bool _isClosed;

    internal MemoryListener(MemoryPoller poller, EndPoint local, ListenSettings settings)
    {
        _poller = poller;
        _settings = settings;
        LocalEndPoint = local;
        poller.Network.Add(this);
        _process?.Open(this);
    }

    public override EndPoint LocalEndPoint { get; }

    internal bool SharesPort => _settings.ReusePort;

    internal bool TakesIPv4 => _settings.DualMode;

    public override IoResult<StreamTransport> Accept(IIoCompletion<StreamTransport> completion)
    {
        if (_accept.IsPending)
        {
            return new(SocketError.AlreadyInProgress);
        }

        if (_isClosed)
        {
            return new(SocketError.OperationAborted);
        }

        return _established.Count > 0 ? new(TakeFirst()) : _accept.Begin(_poller, completion);
    }

    public override bool TryCancelAccept() => _accept.TryCancel(_poller);

    public override void Dispose()
    {
        if (_isClosed)
        {
            return;
        }

        _isClosed = true;
        _poller.Network.Remove(this);
        while (_established.TryDequeue(out var transport))
        {
            transport.Abort();
        }

        while (_atTheDoor.TryDequeue(out var connect))
        {
            _poller.Loop.Post(static connect => connect.Refuse(), connect);
        }

        _accept.End(_poller, new(SocketError.OperationAborted));
    }

    /// <summary>Between steps: somebody knocks.</summary>
    /// <returns>False if there is no room for one more.</returns>
    internal bool TryTake(MemoryConnect connect)
    {
        if (_established.Count >= _settings.Backlog)
        {
            return false;
        }

        if (connect.Establish(_settings) is not { } transport)
        {
            return true;
        }

        _process?.Open(transport);
        if (_accept.IsPending)
        {
            _accept.End(_poller, new(transport));
        }
        else
        {
            _established.Enqueue(transport);
        }

        return true;
    }

    /// <summary>Its machine has failed: it answers nobody, and nobody is told.</summary>
    internal void Vanish()
    {
        _isClosed = true;
        _poller.Network.Remove(this);
        _established.Clear();
        _atTheDoor.Clear();
    }

    internal void LetWait(MemoryConnect connect) => _atTheDoor.Enqueue(connect);

    private StreamTransport TakeFirst()
    {
        var first = _established.Dequeue();
        _poller.Loop.Post(
            static listener =>
            {
                while (!listener._isClosed && listener._atTheDoor.TryPeek(out var next) && listener.TryTake(next))
                {
                    listener._atTheDoor.Dequeue();
                }
            },
            this);
        return first;
    }
}
