using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace Heddle;

/// <inheritdoc cref="TlsClientSettings"/>
internal static class TlsServerSettings
{
    internal static Task AuthenticateAsync(SslStream session, SslServerAuthenticationOptions options)
        => options is { ServerCertificateSelectionCallback: { } select, ServerCertificate: null, ServerCertificateContext: null }
            ? session.AuthenticateAsServerAsync((_, hello, _, _) => new(Prepare(options, Select(select, session, hello.ServerName))), null)
            : session.AuthenticateAsServerAsync(Prepare(options, options.ServerCertificate));

    private static X509Certificate Select(ServerCertificateSelectionCallback select, SslStream session, string name)
        => select(session, name) ?? throw new AuthenticationException($"ServerCertificateSelectionCallback has no certificate for the name '{name}'");

    private static SslServerAuthenticationOptions Prepare(SslServerAuthenticationOptions options, X509Certificate? certificate)
    {
        var copy = new SslServerAuthenticationOptions
        {
            AllowRenegotiation = options.AllowRenegotiation,
            AllowTlsResume = options.AllowTlsResume,
            ApplicationProtocols = options.ApplicationProtocols,
            CertificateChainPolicy = options.CertificateChainPolicy
                ?? CertificatePolicies.WithoutDownloads(options.CertificateRevocationCheckMode, options.ServerCertificateContext),
            CertificateRevocationCheckMode = options.CertificateRevocationCheckMode,
            CipherSuitesPolicy = options.CipherSuitesPolicy,
            ClientCertificateRequired = options.ClientCertificateRequired,
            EnabledSslProtocols = options.EnabledSslProtocols,
            EncryptionPolicy = options.EncryptionPolicy,
            RemoteCertificateValidationCallback = options.RemoteCertificateValidationCallback,
            ServerCertificate = certificate,
            ServerCertificateContext = options.ServerCertificateContext ?? OwnCertificates.Prepare(certificate),

            // Asked by now, if the certificate is none of the options'.
            ServerCertificateSelectionCallback = ReferenceEquals(certificate, options.ServerCertificate) ? options.ServerCertificateSelectionCallback : null,
        };
        if (OperatingSystem.IsLinux() || OperatingSystem.IsWindows())
        {
            copy.AllowRsaPkcs1Padding = options.AllowRsaPkcs1Padding;
            copy.AllowRsaPssPadding = options.AllowRsaPssPadding;
        }

        return copy;
    }
}
