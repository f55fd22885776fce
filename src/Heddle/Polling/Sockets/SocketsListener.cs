using System.Net;
using System.Net.Sockets;
using Heddle.LowLevel;

namespace Heddle;

/// <summary>A socket that listens. What is accepted for a call that was taken back is kept for the next one.</summary>
internal sealed class SocketsListener : ListenTransport, ISocketOwner
{
    private readonly SocketsPoller _poller;
    private readonly Socket _socket;
    private readonly SocketSettings _settings;
    private readonly bool _isShared;
    private readonly SocketOperation _operation;
    private PendingOperation<StreamTransport> _accept;
    private StreamTransport? _late;
    private bool _isClosed;

    /// <param name="poller">Where it waits.</param>
    /// <param name="socket">Disposed of with this.</param>
    /// <param name="settings">For the connections.</param>
    /// <param name="isShared">Whether others listen at the same socket, and go on after this is closed.</param>
    internal SocketsListener(SocketsPoller poller, Socket socket, SocketSettings settings, bool isShared)
    {
        _poller = poller;
        _socket = socket;
        _settings = settings;
        _isShared = isShared;
        LocalEndPoint = socket.LocalEndPoint!;
        _operation = new SocketOperation(poller.Loop, this);
        poller.Track(this);
    }

    public override EndPoint LocalEndPoint { get; }

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

        if (_late is { } late)
        {
            _late = null;
            return new(late);
        }

        var result = AcceptOrWait();
        return result.IsPending ? _accept.Begin(_poller, completion) : result;
    }

    public override bool TryCancelAccept() => _accept.TryCancel(_poller);

    public override void Dispose()
    {
        if (_isClosed)
        {
            return;
        }

        _isClosed = true;
        _poller.Forget(this);
        if (!_isShared)
        {
            Shutdown(SocketShutdown.Receive);
        }
        else if (SocketsPoller.IsInternet(_socket))
        {
            // .NET has a socket that it closes during an operation reset its connections, and those that the others accept would inherit that. It
            // leaves it as it is where sending was finished, which means nothing to a socket that listens.
            Shutdown(SocketShutdown.Send);
        }

        _socket.Dispose();
        _operation.Dispose();
        _late?.Dispose();
        _accept.Abort(_poller);
    }

    public void OnEnded(SocketOperation operation)
    {
        if (_isClosed)
        {
            operation.AcceptSocket?.Dispose();
        }
        else if (_accept.IsPending)
        {
            if ((Take() ?? AcceptOrWait()) is { IsPending: false } result)
            {
                _accept.End(_poller, result);
            }
        }
        else if (Take() is { IsSuccess: true } late)
        {
            _late = late.Value;
        }
    }

    public void OnThrown(SocketOperation operation, Exception failure) => _accept.Fail(_poller, failure);

    /// <summary>A child that is being started has this socket too, until it becomes its own program: when it receives no more, nobody can connect to it there.</summary>
    private void Shutdown(SocketShutdown how)
    {
        try
        {
            _socket.Shutdown(how);
        }
        catch (SocketException)
        {
            // Not all systems know this of a socket that listens.
        }
    }

    /// <summary>Takes in what is there; if nothing is, sees to it that <see cref="OnEnded"/> follows.</summary>
    private IoResult<StreamTransport> AcceptOrWait()
    {
        while (!_operation.IsUnderWay && !_operation.Submit(_socket, static (socket, operation) => socket.AcceptAsync(operation)))
        {
            if (Take() is { } result)
            {
                return result;
            }
        }

        return IoResult<StreamTransport>.Pending;
    }

    /// <summary>Null for a connection that was gone before it was taken in.</summary>
    private IoResult<StreamTransport>? Take()
    {
        var (socket, error) = (_operation.AcceptSocket, _operation.SocketError);
        _operation.AcceptSocket = null;
        if (error != SocketError.Success)
        {
            return error is SocketError.ConnectionAborted or SocketError.ConnectionReset ? null : new(error);
        }

        try
        {
            socket!.Blocking = false;
            if (SocketsPoller.IsInternet(socket))
            {
                SocketsPoller.SetStreamOptions(socket, _settings);
            }

            return new(new SocketsStream(_poller, socket, SocketsPoller.Named(socket.RemoteEndPoint)));
        }
        catch (SocketException)
        {
            socket!.Dispose();
            return null;
        }
        catch
        {
            socket!.Dispose();
            throw;
        }
    }
}
