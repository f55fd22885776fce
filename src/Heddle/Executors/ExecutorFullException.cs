namespace Heddle;

/// <summary>Thrown to a call for which there is no room: so many wait already.</summary>
public class ExecutorFullException : InvalidOperationException
{
    /// <summary>An error with these words.</summary>
    public ExecutorFullException(string message)
        : base(message)
    {
    }

    internal static ExecutorFullException For(string name, int limit, WorkItem work) => new(
        $"{limit} calls wait for a worker of '{name}', as many as may, so {work} was not run. Calls come in faster than they are done: "
        + "slow down who makes them (an AsyncSemaphore, or MapAsync, which waits for room), or raise QueueLimit or the number of workers.");
}
