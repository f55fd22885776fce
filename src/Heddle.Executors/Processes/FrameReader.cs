using Heddle.LowLevel;

namespace Heddle;

/// <summary>Reads frames from a worker. A read that is cancelled loses nothing: the next one goes on where it was.</summary>
internal sealed class FrameReader(StreamTransport transport)
{
    private const int KeptCapacity = 1 << 16;
    private const int MostOnTrust = 1 << 20;

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

    private int FrameLength => BitConverter.ToInt32(_buffer) is var length && length >= 0 && length <= Array.MaxLength - WorkerFrames.HeadLength
        ? length + WorkerFrames.HeadLength
        : throw new InvalidDataException($"The worker says that a frame of {length} bytes comes, which no frame has.");

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

    /// <summary>Room for some more of a frame of that length. It may be foreign code in the worker that says so, so that a long one takes memory only as it comes.</summary>
    private void Reserve(int length)
    {
        if (_buffer.Length < length && (length <= MostOnTrust || _count == _buffer.Length))
        {
            Array.Resize(ref _buffer, (int)Math.Min(length, Math.Max(MostOnTrust, 2L * _buffer.Length)));
        }
    }
}
