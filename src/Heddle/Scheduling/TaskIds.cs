namespace Heddle;

/// <summary>Numbers for tasks. A thread takes them in blocks, so that a start needs no interlocked operation.</summary>
internal static class TaskIds
{
    private const int BlockSize = 1024;

    private static int s_lastBlock;

    [ThreadStatic]
    private static int t_last;

    /// <summary>A number that no other task of this process has. On one thread they rise.</summary>
    internal static int Next()
    {
        if (t_last % BlockSize == 0)
        {
            t_last = (Interlocked.Increment(ref s_lastBlock) - 1) * BlockSize;
        }

        return ++t_last;
    }
}
