namespace Heddle;

/// <summary>How many items a chunk of a map has: so many that sending it costs little, and so few that all workers have some.</summary>
internal sealed class ChunkSize(int? wish, int workers)
{
    private const int Most = 1 << 14;
    private const int Growth = 8;
    private static readonly TimeSpan s_aim = TimeSpan.FromMilliseconds(4);

    private int _size = 1;

    internal int Next(int? left)
    {
        if (wish is { } size)
        {
            return size;
        }

        return left is { } items ? Math.Clamp((int)(items / (2L * workers)), 1, _size) : _size;
    }

    /// <summary>A chunk has come back: so many items in so long.</summary>
    internal void Learn(int count, TimeSpan elapsed)
    {
        var fitting = count * (s_aim / TimeSpan.FromTicks(Math.Max(elapsed.Ticks, 1)));
        _size = (int)Math.Clamp(fitting, 1, Math.Min((double)_size * Growth, Most));
    }
}
