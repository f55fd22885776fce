using System.Net;
using System.Net.Sockets;
using Heddle.LowLevel;

namespace Heddle;

/// <summary>A socket that is being connected.</summary>
internal sealed class SocketsConnect : ISocketOwner, IConnectAttempt, IDisposable
{
    private readonly SocketsPoller _poller;
    private readonly Socket _socket;
    private readonly SocketOperation _operation;
    private PendingOperation<StreamTransport> _connect;

    internal SocketsConnect(SocketsPoller poller, Socket socket, EndPoint remote)
    {
        _poller = poller;
        _socket = socket;
        _operation = new SocketOperation(poller.Loop, this) { RemoteEndPoint = remote };
    }

    internal IoResult<StreamTransport> Start(IIoCompletion<StreamTransport> completion)
    {
        if (!_operation.Submit(_socket, static (socket, operation) => socket.ConnectAsync(operation)))
        {
            return Take();
        }

        _poller.Track(this);
        return _connect.Begin(_poller, completion);
    }

    public void OnEnded(SocketOperation operation)
    {
        // Who gave it up has closed the socket.
        if (_connect.IsPending)
        {
            _poller.Forget(this);
            _connect.End(_poller, Take());
        }
    }

    public void OnThrown(SocketOperation operation, Exception failure)
    {
        Close();
        _connect.Fail(_poller, failure);
    }

    public void Cancel()
    {
        _connect.TryCancel(_poller);
        Close();
    }

    public void Dispose()
    {
        Close();
        _connect.Abort(_poller);
    }

    private void Close()
    {
        _poller.Forget(this);
        _socket.Dispose();
        _operation.Dispose();
    }

    private IoResult<StreamTransport> Take()
    {
        var (error, remote) = (_operation.SocketError, _operation.RemoteEndPoint);
        _operation.Dispose();
        if (error == SocketError.Success)
        {
            return new(new SocketsStream(_poller, _socket, remote));
        }

        _socket.Dispose();
        return new(error);
    }
}
