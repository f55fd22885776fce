using System.Diagnostics;
using System.IO.Pipelines;
using System.Net;
using System.Net.Security;
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

    /// <summary>What is below the reader and the writer, for code that does without their buffers. Use either. Another one once TLS was started.</summary>
    public StreamTransport Transport { get; private set; }

    /// <summary>The TLS session, which knows the protocol, the cipher, the certificates and what ALPN agreed on; null in the clear.</summary>
    /// <remarks>For looking only: bytes go through the reader and the writer.</remarks>
    public SslStream? Tls => (Transport as TlsTransport)?.Session;

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
    /// Something was written that is not sent yet: call <see cref="ByteWriter.FlushAsync"/> first. Or a task reads, or sends a file.
    /// </exception>
    public Stream AsStream()
    {
        if (Writer.Pending > 0)
        {
            throw new InvalidOperationException(
                $"{Writer.Pending} bytes wait to be sent to {IoFailures.Name(_remote)}, which the stream would overtake. Await Writer.FlushAsync() first.");
        }

        Writer.ThrowIfSuspended();
        return new TransportStream(Transport, Writer.Loop, Reader.TakeAll());
    }

    /// <summary>The connection as a pipe, for the libraries of .NET; otherwise as <see cref="AsStream"/>.</summary>
    /// <inheritdoc cref="AsStream" path="/exception"/>
    public IDuplexPipe AsDuplexPipe() => new StreamPipe(AsStream());

    /// <summary>Goes over to TLS as the client, once both ends have agreed on that in the clear: SMTP, IMAP, IRC, PostgreSQL and others do so.</summary>
    /// <remarks>
    /// What was written before goes out in the clear first; what is written meanwhile waits, and goes out encrypted. Nobody may read meanwhile. What the
    /// other end had sent in the clear beyond its consent is an error, and not taken for part of what is encrypted: somebody on the way may have added it
    /// (CVE-2011-0411, CVE-2021-23222). After an error, or a cancellation, the connection is closed.
    /// </remarks>
    /// <param name="options">As for <see cref="ConnectOptions.Tls"/>. Without a <c>TargetHost</c> the certificate has to be for the other end's address.</param>
    /// <param name="timeout">Of the handshake. Default: 30 seconds.</param>
    /// <exception cref="ConnectionException">The handshake failed, or there is something that was sent in the clear.</exception>
    /// <exception cref="InvalidOperationException">It speaks TLS already, or another task reads.</exception>
    /// <exception cref="TimeoutException">The handshake took too long.</exception>
    public Coroutine StartTlsAsync(SslClientAuthenticationOptions options, TimeSpan? timeout = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        var limit = Durations.Checked(timeout ?? TimeSpan.FromSeconds(30), nameof(timeout));
        return StartTlsAsync(() => TlsTransport.ConnectAsync(Transport, _remote, options, limit));
    }

    /// <summary>Goes over to TLS as the server, once both ends have agreed on that in the clear.</summary>
    /// <param name="options">As for <see cref="ServerOptions.Tls"/>.</param>
    /// <param name="timeout">Of the handshake. Default: 10 seconds.</param>
    /// <inheritdoc cref="StartTlsAsync(SslClientAuthenticationOptions, TimeSpan?)" path="/remarks"/>
    /// <inheritdoc cref="StartTlsAsync(SslClientAuthenticationOptions, TimeSpan?)" path="/exception"/>
    public Coroutine StartTlsAsync(SslServerAuthenticationOptions options, TimeSpan? timeout = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        var limit = Durations.Checked(timeout ?? TimeSpan.FromSeconds(10), nameof(timeout));
        return StartTlsAsync(() => TlsTransport.AcceptAsync(Transport, options, limit));
    }

    /// <summary>Closes it at once. What was not sent is lost; over TCP the other end gets a reset.</summary>
    public void Abort() => Close(abruptly: true);

    /// <summary>Sends what was written, and closes it. Never throws; a second time does nothing.</summary>
    public Coroutine DisposeAsync() => TryCloseAtOnce() ? default : FlushAndCloseAsync();

    ValueTask IAsyncDisposable.DisposeAsync() => DisposeAsync().AsValueTask();

    /// <summary>Its two ends.</summary>
    public override string ToString()
        => $"{GetType().Name} to {IoFailures.Name(_remote)}{(IsClosed ? " (closed)" : "")}";

    private async Coroutine StartTlsAsync(Func<Coroutine<StreamTransport>> handshake)
    {
        if (Tls is not null)
        {
            throw new InvalidOperationException($"{this} speaks TLS already. Start it once.");
        }

        Writer.ThrowIfSuspended();

        do
        {
            await Writer.FlushAsync();
        }
        while (Writer.Pending > 0);

        using (Reader.Suspend())
        using (Writer.Suspend())
        {
            try
            {
                if (Reader.Buffered > 0)
                {
                    throw new ConnectionException(
                        $"TLS with {IoFailures.Name(_remote)} was not started: {Reader.Buffered} bytes more have come in the clear than were read, which somebody on the way may "
                        + "have added. If they belong to what was agreed on, read them first.",
                        SocketError.ConnectionAborted,
                        _remote);
                }

                Transport = await handshake();
                Reader.GoOver(Transport);
                Writer.GoOver(Transport);
            }
            catch
            {
                Close(abruptly: true);
                throw;
            }
        }
    }

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
