namespace Heddle;

/// <summary>Thrown by a queue that was shut down: to who puts, and to who gets once it is empty.</summary>
public class QueueShutdownException : InvalidOperationException
{
    /// <summary>With a message of its own.</summary>
    public QueueShutdownException()
    {
    }

    /// <summary>With that message.</summary>
    public QueueShutdownException(string? message)
        : base(message)
    {
    }

    /// <summary>With that message and cause.</summary>
    public QueueShutdownException(string? message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
