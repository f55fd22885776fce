using Heddle.LowLevel;

namespace Heddle;

/// <summary>Reads frames from a worker. A read that is cancelled loses nothing: the next one goes on where it was.</summary>
internal sealed class FrameReader(StreamTransport transport)
{
    private const int KeptCapacity = 1 << 16;

    private byte[] _buffer = new byte[4096];
    private int _count;
    private int _consumed;

    /// <summary>What is in the next frame. Good until the next read.</summary>
    /// <exception cref="EndOfStreamException">The worker has closed the connection.</exception>
    /// <exception cref="ConnectionException">The connection broke.</exception>
    internal async Coroutine<ReadOnlyMemory<byte>> ReadAsync(WorkerFrame expected)
    {
        Drop(_consumed);
        while (_count < WorkerFrames.HeadLength || _count < FrameLength)
        {
            Reserve(_count < WorkerFrames.HeadLength ? WorkerFrames.HeadLength : FrameLength);
            var count = await transport.ReceiveAsync(_buffer.AsMemory(_count));
            if (count == 0)
            {
                throw new EndOfStreamException("The worker has closed its connection.");
            }

            _count += count;
        }

        _consumed = FrameLength;
        return _buffer[sizeof(int)] == (byte)expected
            ? _buffer.AsMemory(WorkerFrames.HeadLength, FrameLength - WorkerFrames.HeadLength)
            : throw new InvalidDataException($"The worker sent a frame of kind {_buffer[sizeof(int)]} in place of {expected}.");
    }

    private int FrameLength => checked(BitConverter.ToInt32(_buffer) + WorkerFrames.HeadLength);

    private void Drop(int count)
    {
        _buffer.AsSpan(count, _count - count).CopyTo(_buffer);
        _count -= count;
        _consumed = 0;
        if (_count == 0 && _buffer.Length > KeptCapacity)
        {
            _buffer = new byte[KeptCapacity];
        }
    }

    private void Reserve(int length)
    {
        if (_buffer.Length < length)
        {
            Array.Resize(ref _buffer, length);
        }
    }
}
