using System.Diagnostics;
using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using Heddle.LowLevel;

namespace Heddle;

/// <summary>A byte stream to another program, in both directions: a reader and a writer.</summary>
/// <remarks>
/// Dispose of it: that sends what was written and closes. When the scope is cancelled it closes at once, and what was not
/// sent is lost; the same if the other end takes nothing for <see cref="CloseTimeout"/>. Members are for the loop's thread.
/// </remarks>
[DebuggerDisplay("{ToString(),nq}")]
public abstract class Connection : IAsyncDisposable
{
    private readonly EndPoint? _remote;

    private protected Connection(StreamTransport transport)
    {
        Transport = transport;
        Reader = new ByteReader(transport);
        Writer = new ByteWriter(transport);
        _remote = transport.RemoteEndPoint;
    }

    /// <summary>Reads what the other end sends.</summary>
    public ByteReader Reader { get; }

    /// <summary>Writes to the other end.</summary>
    public ByteWriter Writer { get; }

    /// <summary>What is below the reader and the writer, for code that does without their buffers. Use either.</summary>
    public StreamTransport Transport { get; }

    /// <summary>This end; null where it has no name.</summary>
    public EndPoint? LocalEndPoint => Transport.LocalEndPoint;

    /// <summary>The other end; null where it has no name.</summary>
    public EndPoint? RemoteEndPoint => _remote;

    /// <summary>How long closing may wait for the other end to take what was written. Default: five seconds.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative.</exception>
    public TimeSpan CloseTimeout
    {
        get;
        set => field = Durations.Checked(value, nameof(CloseTimeout));
    } = TimeSpan.FromSeconds(5);

    /// <summary>Whether it is closed.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>The connection as a stream, for the libraries of .NET. Any thread. The reader and the writer are not used any more.</summary>
    /// <remarks>What the reader holds comes first. The stream closes the connection with it.</remarks>
    /// <exception cref="InvalidOperationException">
    /// Something was written that is not sent yet: call <see cref="ByteWriter.FlushAsync"/> first. Or a task reads.
    /// </exception>
    public Stream AsStream()
    {
        if (Writer.Pending > 0)
        {
            throw new InvalidOperationException(
                $"{Writer.Pending} bytes wait to be sent to {IoFailures.Name(_remote)}, which the stream would overtake. Await Writer.FlushAsync() first.");
        }

        return new TransportStream(Transport, Writer.Loop, Reader.TakeAll());
    }

    /// <summary>The connection as a pipe, for the libraries of .NET; otherwise as <see cref="AsStream"/>.</summary>
    /// <inheritdoc cref="AsStream" path="/exception"/>
    public IDuplexPipe AsDuplexPipe() => new StreamPipe(AsStream());

    /// <summary>Closes it at once. What was not sent is lost; over TCP the other end gets a reset.</summary>
    public void Abort() => Close(abruptly: true);

    /// <summary>Sends what was written, and closes it. Never throws; a second time does nothing.</summary>
    public Coroutine DisposeAsync() => TryCloseAtOnce() ? default : FlushAndCloseAsync();

    ValueTask IAsyncDisposable.DisposeAsync() => DisposeAsync().AsValueTask();

    /// <summary>Its two ends.</summary>
    public override string ToString()
        => $"{GetType().Name} to {IoFailures.Name(_remote)}{(IsClosed ? " (closed)" : "")}";

    private bool TryCloseAtOnce()
    {
        if (!IsClosed && Writer.Pending > 0 && LoopTask.Current is not null && !Flow.Current.IsCanceled)
        {
            return false;
        }

        Close(abruptly: Writer.Pending > 0);
        return true;
    }

    private async Coroutine FlushAndCloseAsync()
    {
        try
        {
            await CancelScope.ShieldAsync(CloseTimeout, Writer.FlushAsync);
        }
        catch (Exception failure) when (failure is ConnectionException or TimeoutException)
        {
            // The other end is gone or does not read: nobody is there whom the rest could reach.
        }

        Close(abruptly: Writer.Pending > 0);
    }

    private void Close(bool abruptly)
    {
        if (IsClosed)
        {
            return;
        }

        Writer.Loop.VerifyThread(abruptly ? "Connection.Abort" : "Connection.DisposeAsync");
        IsClosed = true;
        Writer.Close(SocketError.OperationAborted);
        if (abruptly)
        {
            Transport.Abort();
        }
        else
        {
            Transport.Dispose();
        }

        Reader.Discard();
    }
}
