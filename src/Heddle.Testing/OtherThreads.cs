namespace Heddle.Testing;

/// <summary>Which threads, beside the loop's, run code of the program now.</summary>
/// <remarks>
/// Whoever starts a thread, queues work or sets a timer hands on the ambient context, and an <see cref="AsyncLocal{T}"/> hears when a thread
/// begins to run in it and when it ends. So these are exactly the program's own, whatever else the process does.
/// </remarks>
internal sealed class OtherThreads
{
    private static readonly AsyncLocal<Program?> s_program = new(static change =>
    {
        if (!ReferenceEquals(change.PreviousValue, change.CurrentValue))
        {
            change.PreviousValue?.Count(-1);
            change.CurrentValue?.Count(1);
        }
    });

    private Program _program = new();

    internal int Running => Volatile.Read(ref _program.Running);

    /// <summary>How often a thread has begun or ended: one that has just ended may be about to call.</summary>
    internal int Changes => Volatile.Read(ref _program.Changes);

    /// <summary>From now on it is another program, and threads of the one before, such as one that had a timer set, are none of its own. On the loop's thread.</summary>
    internal void Renew() => s_program.Value = _program = new Program();

    /// <summary>Calls on the thread of the loop-to-be.</summary>
    internal T Watch<T>(Func<T> program)
    {
        var around = s_program.Value;
        s_program.Value = _program;
        try
        {
            return program();
        }
        finally
        {
            s_program.Value = around;
        }
    }

    private sealed class Program
    {
        internal int Running;
        internal int Changes;

        private readonly int _loopsThread = Environment.CurrentManagedThreadId;

        internal void Count(int change)
        {
            if (Environment.CurrentManagedThreadId != _loopsThread && !PoolGate.OnContext(isEntered: change > 0))
            {
                Interlocked.Add(ref Running, change);
                Interlocked.Increment(ref Changes);
            }
        }
    }
}
