namespace Heddle;

/// <summary>Numbers for tasks. A loop takes them in blocks, so that a start needs no interlocked operation.</summary>
internal sealed class TaskIds
{
    private const long BlockSize = 1024;

    private static long s_lastBlock;

    private long _last;

    /// <summary>A number that no other task of this process has. On one loop they rise.</summary>
    internal long Next()
    {
        if (_last % BlockSize == 0)
        {
            _last = (Interlocked.Increment(ref s_lastBlock) - 1) * BlockSize;
        }

        return ++_last;
    }
}
