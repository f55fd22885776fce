using System.Net.Sockets;

namespace Heddle;

/// <summary>A worker's connection. It blocks: a worker has nothing else to do.</summary>
internal sealed class BlockingFrames
{
    private const int KeptCapacity = 1 << 16;

    private readonly Socket _socket;
    private byte[] _buffer = new byte[4096];
    private int _count;
    private int _consumed;

    private BlockingFrames(Socket socket) => _socket = socket;

    internal static BlockingFrames Connect(string path)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Connect(new UnixDomainSocketEndPoint(path));
        WorkerInvitation.RefuseStranger(socket);
        return new(socket);
    }

    /// <summary>The next frame, good until the next read; false if the other end is gone.</summary>
    internal bool TryRead(out WorkerFrame kind, out ReadOnlyMemory<byte> frame)
    {
        _buffer.AsSpan(_consumed, _count - _consumed).CopyTo(_buffer);
        _count -= _consumed;
        _consumed = 0;
        if (_count == 0 && _buffer.Length > KeptCapacity)
        {
            _buffer = new byte[KeptCapacity];
        }

        kind = default;
        frame = default;
        if (!TryFill(WorkerFrames.HeadLength))
        {
            return false;
        }

        var length = checked(BitConverter.ToInt32(_buffer) + WorkerFrames.HeadLength);
        if (!TryFill(length))
        {
            return false;
        }

        kind = (WorkerFrame)_buffer[sizeof(int)];
        frame = _buffer.AsMemory(WorkerFrames.HeadLength, length - WorkerFrames.HeadLength);
        _consumed = length;
        return true;
    }

    internal void Send(ReadOnlySpan<byte> frame)
    {
        while (!frame.IsEmpty)
        {
            frame = frame[_socket.Send(frame)..];
        }
    }

    private bool TryFill(int length)
    {
        if (_buffer.Length < length)
        {
            Array.Resize(ref _buffer, length);
        }

        while (_count < length)
        {
            var count = Receive();
            if (count == 0)
            {
                return false;
            }

            _count += count;
        }

        return true;
    }

    private int Receive()
    {
        try
        {
            return _socket.Receive(_buffer.AsSpan(_count));
        }
        catch (SocketException)
        {
            // An end is an end, orderly or not.
            return 0;
        }
    }
}
