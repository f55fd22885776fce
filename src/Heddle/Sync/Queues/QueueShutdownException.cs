namespace Heddle;

/// <summary>Thrown by a queue that was shut down: to who puts, and to who gets once it is empty.</summary>
public class QueueShutdownException : InvalidOperationException
{
    internal QueueShutdownException(string message)
        : base(message)
    {
    }
}
