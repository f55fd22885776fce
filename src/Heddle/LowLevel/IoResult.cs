using System.Net.Sockets;

namespace Heddle.LowLevel;

/// <summary>How an I/O operation stands: under way, done with a value, or failed.</summary>
public readonly struct IoResult<T>
{
    /// <summary>One that succeeded.</summary>
    public IoResult(T value) => Value = value;

    /// <summary>One that failed, or (with <see cref="SocketError.IOPending"/>) is under way.</summary>
    public IoResult(SocketError error)
    {
        Error = error;
        Value = default!;
    }

    /// <summary>Under way: its completion is told the end.</summary>
    public static IoResult<T> Pending => new(SocketError.IOPending);

    /// <summary>What it came to; <c>default</c> unless it succeeded.</summary>
    public T Value { get; }

    /// <summary>Why it failed; <see cref="SocketError.Success"/> if it did not, <see cref="SocketError.IOPending"/> while it is under way.</summary>
    public SocketError Error { get; }

    /// <summary>Whether it is under way.</summary>
    public bool IsPending => Error == SocketError.IOPending;

    /// <summary>Whether it succeeded.</summary>
    public bool IsSuccess => Error == SocketError.Success;
}

/// <summary>Is told the end of an I/O operation.</summary>
public interface IIoCompletion<T>
{
    /// <summary>The operation has ended. On the loop's thread, at most once, never from within the call that submitted it; must not throw.</summary>
    void Complete(IoResult<T> result);
}
