using System.Net.Sockets;

namespace Heddle;

/// <summary>A worker's connection. It blocks: a worker has nothing else to do.</summary>
internal sealed class BlockingFrames
{
    // Who has started it may send what it likes, and the memory of a worker can be limited: no room beyond a frame's own.
    private readonly FrameReader _reader = new(mostOnTrust: Array.MaxLength);
    private readonly Socket _socket;

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
        while (!_reader.TryTake(out kind, out frame))
        {
            var count = Receive();
            if (count == 0)
            {
                return false;
            }

            _reader.Advance(count);
        }

        return true;
    }

    internal void Send(ReadOnlySpan<byte> frame)
    {
        while (!frame.IsEmpty)
        {
            frame = frame[_socket.Send(frame)..];
        }
    }

    private int Receive()
    {
        try
        {
            return _socket.Receive(_reader.Room.Span);
        }
        catch (SocketException)
        {
            // An end is an end, orderly or not.
            return 0;
        }
    }
}
