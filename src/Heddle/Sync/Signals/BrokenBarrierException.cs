namespace Heddle;

/// <summary>Thrown to those who wait at an <see cref="AsyncBarrier"/> that is reset or aborted, and to those who come to an aborted one.</summary>
public class BrokenBarrierException : InvalidOperationException
{
    internal BrokenBarrierException(string message)
        : base(message)
    {
    }
}
