namespace Heddle.LowLevel;

/// <summary>Takes what a work item gives away: the way out of a process, for executors over a wire.</summary>
public interface IWorkWriter
{
    /// <summary>Takes a value by its declared type.</summary>
    /// <exception cref="NotPortableException">It would not arrive as it is.</exception>
    void Write<T>(T value);

    /// <summary>Takes values each of which stands for itself, with their number, up to the first that it cannot take.</summary>
    /// <returns>Why that cannot be; null if it has taken all.</returns>
    /// <exception cref="NotPortableException">Not even the first can.</exception>
    NotPortableException? WriteAll<T>(ReadOnlySpan<T> values);

    /// <summary>Takes how something has failed, or that it has not.</summary>
    void WriteFailure(Exception? failure);
}

/// <summary>Gives out, in the same order, what an <see cref="IWorkWriter"/> has taken elsewhere.</summary>
public interface IWorkReader
{
    /// <summary>A value of that declared type.</summary>
    /// <exception cref="NotPortableException">No such value can be made of what has come.</exception>
    T Read<T>();

    /// <summary>Values that were taken together.</summary>
    /// <param name="refusal">Why the value after those that are returned cannot be made; null if all are.</param>
    /// <exception cref="NotPortableException">Not even the first can.</exception>
    T[] ReadAll<T>(out NotPortableException? refusal);

    /// <summary>A failure, or null.</summary>
    Exception? ReadFailure();
}

/// <summary>An executor whose workers come and go by themselves, so that a map can keep all of them busy.</summary>
public interface IElasticExecutor : IExecutor
{
    /// <summary>On the loop, when it has other workers than before: <see cref="ExecutorStatistics.Workers"/> says how many.</summary>
    event Action? WorkersChanged;
}
