namespace Heddle;

/// <summary>Bytes that wait to be sent, in pooled segments. While none wait it holds no memory.</summary>
internal sealed class SendQueue(BufferPool pool)
{
    /// <summary>Of all but the first, which is small: most writes are.</summary>
    private const int SegmentSize = 16 * 1024;

    /// <summary>In one go; the kernel's buffers seldom hold more.</summary>
    private const int MostSegments = 16;

    private readonly ReadOnlyMemory<byte>[] _batch = new ReadOnlyMemory<byte>[1];
    private ReadOnlyMemory<byte>[]? _largeBatch;
    private Segment[] _segments = new Segment[1];
    private int _first;
    private int _count;

    /// <summary>Someone may be writing into the room behind the last byte.</summary>
    private bool _isLent;

    internal long Length { get; private set; }

    internal void Append(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var room = GetMemory(1).Span;
            var count = Math.Min(room.Length, bytes.Length);
            bytes[..count].CopyTo(room);
            Advance(count);
            bytes = bytes[count..];
        }
    }

    /// <summary>Room behind the last byte, at least so much.</summary>
    internal Memory<byte> GetMemory(int size)
    {
        if (_count == 0 || Last.Room < size)
        {
            AddSegment(Math.Max(size, _count == 0 ? BufferPool.SmallSize : SegmentSize));
        }

        _isLent = true;
        return Last.Array.AsMemory(Last.End);
    }

    internal void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, _count == 0 ? 0 : Last.Room);
        _isLent = false;
        if (count > 0)
        {
            Last.End += count;
            Length += count;
        }
    }

    /// <summary>What to send next. Valid until <see cref="Remove"/>.</summary>
    internal ReadOnlySpan<ReadOnlyMemory<byte>> Peek()
    {
        if (_count == 1)
        {
            _batch[0] = _segments[_first].Unsent;
            return _batch;
        }

        _largeBatch ??= new ReadOnlyMemory<byte>[MostSegments];
        var count = Math.Min(_count, MostSegments);
        for (var i = 0; i < count; i++)
        {
            _largeBatch[i] = _segments[_first + i].Unsent;
        }

        return _largeBatch.AsSpan(0, count);
    }

    /// <summary>So many bytes have been sent.</summary>
    internal void Remove(int count)
    {
        Length -= count;
        while (_count > 0)
        {
            ref var first = ref _segments[_first];
            var gone = Math.Min(count, first.End - first.Start);
            first.Start += gone;
            count -= gone;
            if (first.Start < first.End || (_isLent && _count == 1))
            {
                break;
            }

            pool.Return(first.Array);
            first = default;
            _first++;
            _count--;
        }

        if (_count == 0)
        {
            _first = 0;
            _largeBatch = null;
            _batch[0] = default;
        }
    }

    internal void Clear()
    {
        for (; _count > 0; _count--)
        {
            // Whoever still writes into what was lent does no harm: nobody else gets it.
            if (!_isLent)
            {
                pool.Return(Last.Array);
            }

            _isLent = false;
            _segments[_first + _count - 1] = default;
        }

        _first = 0;
        Length = 0;
        _largeBatch = null;
        _batch[0] = default;
    }

    private ref Segment Last => ref _segments[_first + _count - 1];

    private void AddSegment(int size)
    {
        if (_first + _count == _segments.Length)
        {
            var target = _count < _segments.Length / 2 ? _segments : new Segment[_segments.Length * 2];
            Array.Copy(_segments, _first, target, 0, _count);
            if (ReferenceEquals(target, _segments))
            {
                Array.Clear(_segments, _count, _segments.Length - _count);
            }

            _segments = target;
            _first = 0;
        }

        _segments[_first + _count++] = new Segment { Array = pool.Rent(size) };
    }

    private struct Segment
    {
        internal byte[] Array;
        internal int Start;
        internal int End;

        internal readonly int Room => Array.Length - End;

        internal readonly ReadOnlyMemory<byte> Unsent => Array.AsMemory(Start, End - Start);
    }
}
