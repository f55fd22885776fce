using System.Net;
using System.Net.Security;
using Heddle.LowLevel;

namespace Heddle;

/// <content>How a session begins.</content>
internal sealed partial class TlsTransport
{
    /// <summary>Speaks TLS as the client. The transport is closed if that fails, or is cancelled.</summary>
    internal static Coroutine<StreamTransport> ConnectAsync(
        StreamTransport transport, EndPoint remote, SslClientAuthenticationOptions options, TimeSpan timeout)
    {
        var host = options.TargetHost ?? remote switch
        {
            DnsEndPoint name => name.Host,
            IPEndPoint address => address.Address.ToString(),
            _ => null,
        };
        var settings = options.TargetHost is null ? TlsClientSettings.Copy(options, host) : options;
        return BeginAsync(
            transport,
            remote,
            (session, token) => session.AuthenticateAsClientAsync(settings, token),
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
            (session, token) => session.AuthenticateAsServerAsync(options, token),
            options.RemoteCertificateValidationCallback,
            options.ClientCertificateRequired ? SslPolicyErrors.None : SslPolicyErrors.RemoteCertificateNotAvailable,
            null,
            timeout);

    private static async Coroutine<StreamTransport> BeginAsync(
        StreamTransport transport,
        EndPoint? remote,
        Func<SslStream, CancellationToken, Task> handshake,
        RemoteCertificateValidationCallback? validate,
        SslPolicyErrors tolerated,
        string? host,
        TimeSpan timeout)
    {
        string? problem = null;
        var loop = EventLoop.Current;

        // The user's own callback, if there is one, has the word; else what is wrong is kept to be told.
        var session = new SslStream(
            new TransportStream(transport, loop),
            leaveInnerStreamOpen: false,
            validate is not null ? null : (_, certificate, chain, errors) =>
            {
                problem = TlsFailures.Describe(errors & ~tolerated, certificate, chain, host);
                return problem is null;
            });
        try
        {
            await CancelScope.WithTimeoutAsync(timeout, async scope => await handshake(session, scope.Token).OrCanceled());
            return new TlsTransport(transport, loop, session);
        }
        catch (Exception failure)
        {
            session.Dispose();
            transport.Abort();
            if (failure is OperationCanceledException or TimeoutException)
            {
                throw;
            }

            throw TlsFailures.Handshake(remote, failure, problem);
        }
    }
}
