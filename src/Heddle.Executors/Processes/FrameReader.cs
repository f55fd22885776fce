namespace Heddle;

/// <summary>Finds the frames in what comes by a connection. Receiving is done by who has the connection; a receive that is cancelled loses nothing.</summary>
/// <param name="mostOnTrust">Up to how many bytes a frame gets its room as soon as its length has come.</param>
internal sealed class FrameReader(int mostOnTrust)
{
    private const int KeptCapacity = 1 << 16;

    private byte[] _buffer = new byte[4096];
    private int _count;
    private int _consumed;

    /// <summary>Where the next bytes go. Never empty.</summary>
    internal Memory<byte> Room
    {
        get
        {
            Reserve(FrameLength ?? WorkerFrames.HeadLength);
            return _buffer.AsMemory(_count);
        }
    }

    private int? FrameLength => _count < WorkerFrames.HeadLength ? null
        : BitConverter.ToInt32(_buffer) is var length && length >= 0 && length <= Array.MaxLength - WorkerFrames.HeadLength
            ? length + WorkerFrames.HeadLength
            : throw new InvalidDataException($"The other side says that a frame of {length} bytes comes, which no frame has.");

    internal void Advance(int count) => _count += count;

    /// <summary>The next frame, good until the next try; false while it is not all there.</summary>
    /// <exception cref="InvalidDataException">No frame has that length.</exception>
    internal bool TryTake(out WorkerFrame kind, out ReadOnlyMemory<byte> frame)
    {
        DropLast();
        if (FrameLength is not { } length || _count < length)
        {
            (kind, frame) = (default, default);
            return false;
        }

        _consumed = length;
        kind = (WorkerFrame)_buffer[sizeof(int)];
        frame = _buffer.AsMemory(WorkerFrames.HeadLength, length - WorkerFrames.HeadLength);
        return true;
    }

    private void DropLast()
    {
        _buffer.AsSpan(_consumed, _count - _consumed).CopyTo(_buffer);
        _count -= _consumed;
        _consumed = 0;
        if (_count == 0 && _buffer.Length > KeptCapacity)
        {
            _buffer = new byte[KeptCapacity];
        }
    }

    /// <summary>Room for some more of a frame of that length. Where it may be foreign code that says so, a long one takes memory only as it comes.</summary>
    private void Reserve(int length)
    {
        if (_buffer.Length < length && (length <= mostOnTrust || _count == _buffer.Length))
        {
            Array.Resize(ref _buffer, (int)Math.Min(length, Math.Max(mostOnTrust, 2L * _buffer.Length)));
        }
    }
}
