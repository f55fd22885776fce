namespace Heddle;

/// <summary>Thrown by an executor that takes no more calls: to who calls, and to those whose calls it gave up when it was closed abruptly.</summary>
public class ExecutorClosedException : InvalidOperationException
{
    /// <summary>An error with these words.</summary>
    public ExecutorClosedException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }

    internal static ExecutorClosedException BeforeCall(string name, WorkItem work) => new(
        $"'{name}' is closed, so {work} was not run. It is disposed of while something still uses it: let those who use it end first, "
        + "or make an executor that lives longer.");
}
