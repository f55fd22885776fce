namespace Heddle;

/// <summary>A body that grows while it is read.</summary>
internal sealed class BodyBuffer
{
    private const int FirstSize = 8 * 1024;
    private const int MostAtOnce = 32 * 1024;

    /// <summary>No more than a little on the server's word.</summary>
    private const int MostOnTrust = 1024 * 1024;

    private readonly long? _announced;

    /// <summary>No more than an array holds.</summary>
    private readonly int _limit;
    private byte[] _bytes;
    private byte[]? _beyond;
    private int _count;

    internal BodyBuffer(long? announced, int limit)
    {
        _announced = announced;
        _limit = limit;
        _bytes = new byte[Math.Min(announced ?? FirstSize, MostOnTrust)];
    }

    /// <summary>Where the next piece goes. Valid until <see cref="TryAdd"/>.</summary>
    internal Memory<byte> Room
    {
        get
        {
            if (_count < _bytes.Length)
            {
                return _bytes.AsMemory(_count, Math.Min(_bytes.Length - _count, MostAtOnce));
            }

            if (_count == _announced || _count == _limit)
            {
                // The next read should only meet the end.
                return _beyond ??= new byte[1];
            }

            Grow();
            return Room;
        }
    }

    /// <summary>False if the body is longer than the limit.</summary>
    internal bool TryAdd(int count)
    {
        if (count > _limit - _count)
        {
            return false;
        }

        if (_count == _bytes.Length)
        {
            Grow();
            _bytes[_count] = _beyond![0];
        }

        _count += count;
        return true;
    }

    internal byte[] ToArray() => _count == _bytes.Length ? _bytes : _bytes.AsSpan(0, _count).ToArray();

    private void Grow() => Array.Resize(ref _bytes, (int)Math.Min(Math.Max(2L * _bytes.Length, FirstSize), Array.MaxLength));
}
