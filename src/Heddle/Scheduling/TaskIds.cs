namespace Heddle;

/// <summary>Numbers for tasks. A loop takes them in blocks, so that a start needs no interlocked operation.</summary>
/// <param name="isOwn">The loop counts from one, whatever others do, so that a run that is repeated has the same numbers and names.</param>
internal sealed class TaskIds(bool isOwn)
{
    private const long BlockSize = 1024;

    private static long s_lastBlock;

    private long _last;

    /// <summary>A number that no other task of this process has, unless the loop counts for itself. On one loop they rise.</summary>
    internal long Next()
    {
        if (!isOwn && _last % BlockSize == 0)
        {
            _last = (Interlocked.Increment(ref s_lastBlock) - 1) * BlockSize;
        }

        return ++_last;
    }
}
