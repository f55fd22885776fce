using System.Net;
using System.Net.Security;
using Heddle.LowLevel;

namespace Heddle;

/// <content>How a session begins.</content>
internal sealed partial class TlsTransport
{
    /// <summary>Speaks TLS as the client. The transport is closed if that fails, or is cancelled.</summary>
    internal static Coroutine<StreamTransport> ConnectAsync(
        StreamTransport transport, EndPoint? remote, SslClientAuthenticationOptions options, TimeSpan timeout)
    {
        var host = options.TargetHost ?? remote switch
        {
            DnsEndPoint name => name.Host,
            IPEndPoint address => address.Address.ToString(),
            _ => null,
        };
        return BeginAsync(
            transport,
            remote,
            session => session.AuthenticateAsClientAsync(TlsClientSettings.Prepare(options, host)),
            options.RemoteCertificateValidationCallback,
            SslPolicyErrors.None,
            host,
            timeout);
    }

    /// <summary>Speaks TLS as the server. The transport is closed if that fails, or is cancelled.</summary>
    internal static Coroutine<StreamTransport> AcceptAsync(StreamTransport transport, SslServerAuthenticationOptions options, TimeSpan timeout)
        => BeginAsync(
            transport,
            transport.RemoteEndPoint,
            session => TlsServerSettings.AuthenticateAsync(session, options),
            options.RemoteCertificateValidationCallback,
            options.ClientCertificateRequired ? SslPolicyErrors.None : SslPolicyErrors.RemoteCertificateNotAvailable,
            null,
            timeout);

    /// <summary>
    /// Shakes hands off the loop's thread, from the call on, which looks for the issuers of this side's certificate: what checks
    /// certificates may block. The loop waits for it, and can leave it at any time.
    /// </summary>
    private static async Coroutine<StreamTransport> BeginAsync(
        StreamTransport transport,
        EndPoint? remote,
        Func<SslStream, Task> handshake,
        RemoteCertificateValidationCallback? validate,
        SslPolicyErrors tolerated,
        string? host,
        TimeSpan timeout)
    {
        string? problem = null;
        var loop = EventLoop.Current;
        var stream = new TransportStream(transport, loop) { GoesOn = GoingOn.OnHandshakeThreads };

        // The user's own callback, if there is one, has the word; else what is wrong is kept to be told.
        var session = new SslStream(
            stream,
            leaveInnerStreamOpen: false,
            validate is not null ? null : (_, certificate, chain, errors) =>
            {
                problem = TlsFailures.Describe(errors & ~tolerated, certificate, chain, host);
                return problem is null;
            });
        var shaking = Task.CompletedTask;
        try
        {
            await CancelScope.WithTimeoutAsync(timeout, async scope =>
            {
                shaking = HandshakeThreads.RunAsync(() => handshake(session));
                try
                {
                    await shaking.OrCanceled();
                }
                catch (Exception failure) when (failure is not OperationCanceledException || !scope.IsCanceled)
                {
                    // Here, where nothing that a callback throws can be taken for the deadline, or for this scope's end.
                    throw TlsFailures.Handshake(remote, failure, problem);
                }
            });
            stream.GoesOn = GoingOn.OnLoop;
            return new TlsTransport(transport, loop, session);
        }
        catch
        {
            // One that was left ends of this, as soon as it next reads or writes.
            transport.Abort();
            stream.Dispose();
            _ = DisposeAfterAsync(shaking, session);
            throw;
        }
    }

    private static async Task DisposeAfterAsync(Task shaking, SslStream session)
    {
        try
        {
            await shaking.ConfigureAwait(false);
        }
        catch (Exception)
        {
            // Whoever waited for it knows.
        }

        session.Dispose();
    }
}
