namespace Heddle.Testing;

/// <summary>Which threads, beside the loop's, run code of the program now.</summary>
/// <remarks>
/// Whoever starts a thread, queues work or sets a timer hands on the ambient context, and an <see cref="AsyncLocal{T}"/> hears when a thread
/// begins to run in it and when it ends. So these are exactly the program's own, whatever else the process does.
/// </remarks>
internal sealed class OtherThreads
{
    private static readonly AsyncLocal<OtherThreads?> s_program = new(static change =>
    {
        if (!ReferenceEquals(change.PreviousValue, change.CurrentValue))
        {
            change.PreviousValue?.Count(-1);
            change.CurrentValue?.Count(1);
        }
    });

    private readonly int _loopsThread = Environment.CurrentManagedThreadId;
    private int _running;
    private int _changes;

    internal int Running => Volatile.Read(ref _running);

    /// <summary>How often a thread has begun or ended: one that has just ended may be about to call.</summary>
    internal int Changes => Volatile.Read(ref _changes);

    /// <summary>Calls on the thread of the loop-to-be.</summary>
    internal T Watch<T>(Func<T> program)
    {
        var around = s_program.Value;
        s_program.Value = this;
        try
        {
            return program();
        }
        finally
        {
            s_program.Value = around;
        }
    }

    private void Count(int change)
    {
        if (Environment.CurrentManagedThreadId != _loopsThread)
        {
            Interlocked.Add(ref _running, change);
            Interlocked.Increment(ref _changes);
        }
    }
}
