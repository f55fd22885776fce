using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using Heddle.LowLevel;

namespace Heddle;

/// <summary>TLS over another transport, by <see cref="SslStream"/>, which runs on the loop's thread once the session stands.</summary>
/// <remarks>
/// What is decrypted goes through a buffer of its own, so that a receive can be taken back although SslStream's cannot: it goes
/// on, and what it brings waits for the next receive.
/// </remarks>
internal sealed partial class TlsTransport : StreamTransport
{
    /// <summary>What one record of TLS holds. Sent in such pieces, nothing refers to the caller's memory once a send has begun.</summary>
    private const int RecordSize = 16 * 1024;

    private readonly StreamTransport _inner;
    private readonly EventLoop _loop;
    private readonly TlsReceiver _receiver;
    private readonly TlsSender _sender;
    private bool _isClosed;

    private TlsTransport(StreamTransport inner, TransportStream stream, EventLoop loop, SslStream session)
    {
        _inner = inner;
        _loop = loop;
        Session = session;
        _receiver = new TlsReceiver(session, stream, loop);
        _sender = new TlsSender(session, loop);
    }

    internal SslStream Session { get; }

    public override EndPoint? LocalEndPoint => _inner.LocalEndPoint;

    public override EndPoint? RemoteEndPoint => _inner.RemoteEndPoint;

    public override bool NoDelay
    {
        set => _inner.NoDelay = value;
    }

    public override IoResult<int> Receive(Memory<byte> buffer, IIoCompletion<int> completion)
        => _isClosed ? new(SocketError.OperationAborted) : _receiver.Receive(buffer, completion);

    public override bool TryCancelReceive() => _receiver.TryCancel();

    public override IoResult<int> Send(ReadOnlySpan<ReadOnlyMemory<byte>> buffers, IIoCompletion<int> completion)
    {
        if (_isClosed)
        {
            return new(SocketError.OperationAborted);
        }

        foreach (var buffer in buffers)
        {
            if (!buffer.IsEmpty)
            {
                return _sender.Send(buffer[..Math.Min(buffer.Length, RecordSize)], completion);
            }
        }

        return new(0);
    }

    public override bool TryCancelSend() => _sender.TryCancel();

    /// <summary>Tells the other end so inside TLS too, without which it would take the end for an attack.</summary>
    public override IoResult<int> FinishSending(IIoCompletion<int> completion)
        => _isClosed ? new(SocketError.OperationAborted) : _sender.Finish(completion, _inner);

    public override void Abort()
    {
        if (!_isClosed)
        {
            _isClosed = true;
            _inner.Abort();
            Session.Dispose();
            EndAll();
        }
    }

    public override void Dispose()
    {
        if (_isClosed)
        {
            return;
        }

        _isClosed = true;
        _sender.SayGoodbye();
        Session.Dispose();
        _inner.Dispose();
        EndAll();
    }

    private void EndAll()
    {
        _receiver.Close();
        _sender.Close();
    }
}
