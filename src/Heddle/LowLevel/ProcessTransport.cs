using System.Net.Sockets;

namespace Heddle.LowLevel;

/// <summary>A child process, without buffers: what a <see cref="Subprocess"/> is made of. Loop thread only.</summary>
/// <remarks>What its pipes are asked for can always be taken back.</remarks>
public abstract class ProcessTransport : IDisposable
{
    /// <summary>The system's number for it. Once it has ended the system may give the number to another.</summary>
    public abstract int Id { get; }

    /// <summary>This end of its standard input, to be sent to; null unless that is a pipe. Closed by its user.</summary>
    public abstract StreamTransport? StandardInput { get; }

    /// <summary>This end of its standard output; null unless that is a pipe. Closed by its user.</summary>
    public abstract StreamTransport? StandardOutput { get; }

    /// <summary>This end of its error output; null unless that is a pipe. Closed by its user.</summary>
    public abstract StreamTransport? StandardError { get; }

    /// <summary>Waits until the process has ended. Called once.</summary>
    /// <remarks>
    /// It does not wait for others that hold the ends of its pipes. From then on all that the process itself has written can be
    /// received without a wait. Fails with <see cref="SocketError.SocketError"/> if how it ended cannot be known.
    /// </remarks>
    public abstract IoResult<ExitStatus> WaitForExit(IIoCompletion<ExitStatus> completion);

    /// <summary>Sends a signal to the process, and to no other. Does nothing once it has ended.</summary>
    /// <param name="signal">The system's number.</param>
    /// <exception cref="SubprocessException">The system does not allow it, or has no such signal.</exception>
    public abstract void SendSignal(int signal);

    /// <summary>Ends the process with all that it has started: asks them to, and kills what still runs after the grace. Returns when they are gone.</summary>
    /// <remarks>Runs in a scope that shields. Called once; what had ended by itself before has left behind what it meant to, which is not touched.</remarks>
    /// <exception cref="SubprocessException">The system does not allow it.</exception>
    public abstract Coroutine StopAsync(TimeSpan grace);

    /// <summary>Lets go of what is held for it.</summary>
    public abstract void Dispose();
}
