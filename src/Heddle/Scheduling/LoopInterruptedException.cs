using System.Runtime.InteropServices;

namespace Heddle;

/// <summary>Thrown by <see cref="EventLoop.Run(Coroutine, EventLoopOptions?)"/> when a signal cancelled the main coroutine.</summary>
/// <remarks>
/// A console program answers with exit code 130 after Ctrl+C and 143 after SIGTERM (128 plus the signal's number). One that does not
/// catch it ends with that code, in silence.
/// </remarks>
public class LoopInterruptedException : OperationCanceledException
{
    /// <summary>By Ctrl+C.</summary>
    public LoopInterruptedException()
    {
    }

    /// <summary>With that message.</summary>
    public LoopInterruptedException(string? message)
        : base(message)
    {
    }

    /// <summary>With that message and cause.</summary>
    public LoopInterruptedException(string? message, Exception? innerException)
        : base(message, innerException)
    {
    }

    internal LoopInterruptedException(PosixSignal signal, Exception cancellation)
        : base((cancellation as ScopeCanceledException)?.Reason ?? cancellation.Message, cancellation) => Signal = signal;

    /// <summary>The signal: SIGINT for Ctrl+C, or SIGTERM.</summary>
    public PosixSignal Signal { get; } = PosixSignal.SIGINT;
}
