using Heddle.LowLevel;

namespace Heddle;

/// <content>The task that accepts, and those that serve.</content>
public abstract partial class Server<TConnection>
{
    /// <summary>How long the server waits for what it lacks, such as a descriptor, before it tries again.</summary>
    private static readonly TimeSpan s_backOff = TimeSpan.FromMilliseconds(100);

    /// <summary>Serves until it is stopped or the scope is cancelled; the handlers have ended then.</summary>
    private protected async Coroutine ServeAsync()
    {
        try
        {
            await TaskGroup.RunAsync(
                async group =>
                {
                    _handlers = group;
                    await CancelScope.RunAsync(scope =>
                    {
                        _accepting = scope;
                        var room = _options.MaxConnections is { } most ? new Room(most) : null;
                        return !IsListening ? default
                            : _listeners is [var only] ? AcceptAllAsync(only, group, room)
                            : Coroutine.WhenAll(_listeners.Select(one => AcceptAllAsync(one, group, room)));
                    });
                },
                new TaskGroupOptions { KeepGoing = true });
        }
        finally
        {
            _accepting = null;
            StopListening();
        }
    }

    private async Coroutine AcceptAllAsync(ListenTransport listener, TaskGroup group, Room? room)
    {
        // A failure was reported; the next is not until a connection was taken in.
        var isBackingOff = false;
        while (IsListening)
        {
            if (room is not null)
            {
                await room.WaitAsync();
            }

            StreamTransport transport;
            try
            {
                transport = await listener.AcceptAsync();
            }
            catch (Exception failure) when (failure is not OperationCanceledException || !CancelScope.Current.IsCanceled)
            {
                // Only the closing of the listener ends a server, whatever accept(2) says.
                await BackOffAsync(failure, isFirst: !isBackingOff);
                isBackingOff = true;
                continue;
            }

            isBackingOff = false;
            var isOfLast = transport.HasSpareDescriptor;
            if (room is null || await HasRoomAsync(room, transport))
            {
                ConnectionCount++;
                room?.Take();
                _ = group.Start(HandleAsync(transport, room), $"connection from {IoFailures.Name(transport.RemoteEndPoint)}");
            }

            if (isOfLast)
            {
                await LeaveTheLastAsync();
            }
        }
    }

    /// <summary>Waits until descriptors have been given back. Who serves nobody can wait for nothing: others need them, and for good perhaps.</summary>
    private async Coroutine LeaveTheLastAsync()
    {
        for (var isFirst = true; IsListening && ConnectionCount > 0 && !SpareDescriptors.AreFree(); isFirst = false)
        {
            if (isFirst)
            {
                Loop.Report(NetReports.DescriptorsRunOut(LocalEndPoint));
            }

            await Coroutine.Delay(s_backOff);
        }
    }

    private async Coroutine BackOffAsync(Exception failure, bool isFirst)
    {
        if (IsListening && isFirst)
        {
            Loop.Report(NetReports.AcceptFailed(failure));
        }

        if (IsListening)
        {
            await Coroutine.Delay(s_backOff);
        }
    }

    /// <summary>Another of several listeners may have taken the last place meanwhile: then this one's waits for the next.</summary>
    private static async Coroutine<bool> HasRoomAsync(Room room, StreamTransport transport)
    {
        try
        {
            while (room.IsFull)
            {
                await room.WaitAsync();
            }

            return true;
        }
        catch
        {
            transport.Abort();
            throw;
        }
    }

    private async Coroutine HandleAsync(StreamTransport transport, Room? room)
    {
        try
        {
            if (await SecureAsync(transport) is { } secured)
            {
                await HandleAsync(Accept(secured));
            }
        }
        finally
        {
            ConnectionCount--;
            room?.Leave();
        }
    }

    /// <summary>Does the handshake, if there is one to do; null if it failed, and then the transport is closed.</summary>
    private async Coroutine<StreamTransport?> SecureAsync(StreamTransport transport)
    {
        if (_options.Tls is not { } tls)
        {
            return transport;
        }

        try
        {
            return await TlsTransport.AcceptAsync(transport, tls, _options.HandshakeTimeout);
        }
        catch (Exception failure) when (failure is not OperationCanceledException || !CancelScope.Current.IsCanceled)
        {
            transport.Abort();
            Loop.Report(NetReports.HandshakeFailed(transport.RemoteEndPoint, failure));
            return null;
        }
    }

    private async Coroutine HandleAsync(TConnection connection)
    {
        try
        {
            await _handler(connection);
        }
        catch (Exception failure) when (failure is not OperationCanceledException || !CancelScope.Current.IsCanceled)
        {
            connection.Abort();
            if (!IsBrokenConnection(failure, connection))
            {
                Loop.Report(NetReports.HandlerFailed(connection, failure));
            }
        }
        finally
        {
            await connection.DisposeAsync();
        }
    }

    /// <summary>Other ends that go away are the daily bread of a server. A handler with a group has the failures of all its tasks in one.</summary>
    private static bool IsBrokenConnection(Exception failure, TConnection connection) => failure switch
    {
        ConnectionException broken => Equals(broken.EndPoint, connection.RemoteEndPoint),
        AggregateException { InnerExceptions: { Count: > 0 } all } => all.All(inner => IsBrokenConnection(inner, connection)),
        _ => false,
    };

    /// <summary>The places for connections that are served at once.</summary>
    private sealed class Room(int most)
    {
        private readonly AsyncManualResetEvent _hasRoom = new(isSet: true);
        private int _taken;

        internal bool IsFull => _taken >= most;

        internal Coroutine WaitAsync() => _hasRoom.WaitAsync();

        internal void Take()
        {
            _taken++;
            if (IsFull)
            {
                _hasRoom.Reset();
            }
        }

        internal void Leave()
        {
            _taken--;
            _hasRoom.Set();
        }
    }
}
