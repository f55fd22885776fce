namespace Heddle;

/// <summary>Thrown to those who wait at an <see cref="AsyncBarrier"/> that is reset or aborted, and to those who come to an aborted one.</summary>
public class BrokenBarrierException : InvalidOperationException
{
    /// <summary>With a message of its own.</summary>
    public BrokenBarrierException()
    {
    }

    /// <summary>With that message.</summary>
    public BrokenBarrierException(string? message)
        : base(message)
    {
    }

    /// <summary>With that message and cause.</summary>
    public BrokenBarrierException(string? message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
