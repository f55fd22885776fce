using System.Net;
using System.Net.Sockets;
using Heddle.LowLevel;

namespace Heddle;

/// <summary>A socket that listens.</summary>
internal sealed unsafe class EpollListener : ListenTransport
{
    private readonly ListenDescriptor _socket;
    private readonly EpollPoller _poller;
    private readonly bool _isShared;
    private PendingOperation<StreamTransport> _accept;

    /// <param name="poller">Where it waits.</param>
    /// <param name="descriptor">Owned from here on, also if this throws.</param>
    /// <param name="local">Where it listens, if the system does not say.</param>
    /// <param name="isShared">Whether others listen at the same socket, and go on after this is closed.</param>
    internal EpollListener(EpollPoller poller, int descriptor, EndPoint local, bool isShared)
    {
        _poller = poller;
        _isShared = isShared;
        LocalEndPoint = NativeAddress.OfSocket(descriptor) ?? local;
        _socket = new ListenDescriptor(this, poller, descriptor);
    }

    public override EndPoint LocalEndPoint { get; }

    public override IoResult<StreamTransport> Accept(IIoCompletion<StreamTransport> completion)
    {
        if (_accept.IsPending)
        {
            return new(SocketError.AlreadyInProgress);
        }

        var result = _socket.Accept();
        return result.IsPending ? _accept.Begin(_poller, completion) : result;
    }

    public override bool TryCancelAccept() => _accept.TryCancel(_poller);

    public override void Dispose()
    {
        if (!_socket.IsClosed && !_isShared)
        {
            // A child that is being started has this socket too, until it becomes its own program: nobody shall connect to it there.
            _ = Libc.shutdown(_socket.Descriptor, Libc.SHUT_RD);
        }

        _socket.Close();
    }

    private sealed class ListenDescriptor(EpollListener listener, EpollPoller poller, int descriptor)
        : EpollDescriptor(poller, descriptor, isWritable: false)
    {
        internal IoResult<StreamTransport> Accept()
        {
            if (IsClosed)
            {
                return new(SocketError.OperationAborted);
            }

            return IsReadable ? TryAccept() : IoResult<StreamTransport>.Pending;
        }

        protected override void OnReadable()
        {
            if (listener._accept.IsPending && TryAccept() is { IsPending: false } result)
            {
                listener._accept.End(Poller, result);
            }
        }

        protected override void FailReceive(Exception failure) => listener._accept.Fail(Poller, failure);

        protected override void OnClosed() => listener._accept.Abort(Poller);

        /// <summary>So many failures of single connections in a row, and the loop has to go on with other things.</summary>
        private const int MostInVain = 100;

        /// <summary>Linux reports here what had gone wrong with the one connection; the next one may be well. See accept(2).</summary>
        private static bool ConcernsNobodyElse(SocketError error) => error is SocketError.Interrupted
            or SocketError.ConnectionAborted or SocketError.NetworkDown or SocketError.NetworkUnreachable
            or SocketError.HostDown or SocketError.HostUnreachable or SocketError.ProtocolOption;

        private IoResult<StreamTransport> TryAccept()
        {
            var address = stackalloc byte[Libc.MaxAddressLength];
            int accepted;
            int length;
            SocketError error;
            var tries = 0;
            do
            {
                length = Libc.MaxAddressLength;
                accepted = Libc.accept4(Descriptor, address, &length, Libc.SOCK_NONBLOCK | Libc.SOCK_CLOEXEC);
                error = accepted < 0 ? LastError() : SocketError.Success;
            }
            while (ConcernsNobodyElse(error) && ++tries < MostInVain);

            if (error == SocketError.WouldBlock)
            {
                IsReadable = false;
                return IoResult<StreamTransport>.Pending;
            }

            if (error != SocketError.Success)
            {
                return new(error);
            }

            return Take(accepted, new ReadOnlySpan<byte>(address, Math.Min(length, Libc.MaxAddressLength)));
        }

        private IoResult<StreamTransport> Take(int accepted, ReadOnlySpan<byte> address)
        {
            var owned = accepted;
            try
            {
                var remote = NativeAddress.Read(address);
                owned = -1;
                return new(new EpollStream(Poller, accepted, remote, isWritable: true));
            }
            catch (SocketException failure)
            {
                return new(failure.SocketErrorCode);
            }
            finally
            {
                if (owned >= 0)
                {
                    _ = Libc.close(owned);
                }
            }
        }
    }
}
