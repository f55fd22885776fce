using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace Heddle;

/// <summary>The user's options with what a handshake needs, without touching the user's object, which may serve many connections.</summary>
internal static class TlsClientSettings
{
    /// <param name="options">The user's.</param>
    /// <param name="host">Whom to ask for, if the options do not say it.</param>
    internal static SslClientAuthenticationOptions Prepare(SslClientAuthenticationOptions options, string? host = null)
    {
        var copy = new SslClientAuthenticationOptions
        {
            TargetHost = options.TargetHost ?? host,
            AllowRenegotiation = options.AllowRenegotiation,
            AllowTlsResume = options.AllowTlsResume,
            ApplicationProtocols = options.ApplicationProtocols,
            CertificateChainPolicy = options.CertificateChainPolicy
                ?? CertificatePolicies.WithoutDownloads(options.CertificateRevocationCheckMode, options.ClientCertificateContext),
            CertificateRevocationCheckMode = options.CertificateRevocationCheckMode,
            CipherSuitesPolicy = options.CipherSuitesPolicy,
            ClientCertificateContext = options.ClientCertificateContext ?? OwnCertificates.Prepare(TheOnlyOne(options)),
            ClientCertificates = options.ClientCertificates,
            EnabledSslProtocols = options.EnabledSslProtocols,
            EncryptionPolicy = options.EncryptionPolicy,
            LocalCertificateSelectionCallback = options.LocalCertificateSelectionCallback,
            RemoteCertificateValidationCallback = options.RemoteCertificateValidationCallback,
        };
        if (OperatingSystem.IsLinux() || OperatingSystem.IsWindows())
        {
            copy.AllowRsaPkcs1Padding = options.AllowRsaPkcs1Padding;
            copy.AllowRsaPssPadding = options.AllowRsaPssPadding;
        }

        return copy;
    }

    /// <summary>Which of several is shown depends on what the server asks for.</summary>
    private static X509Certificate? TheOnlyOne(SslClientAuthenticationOptions options)
        => options is { LocalCertificateSelectionCallback: null, ClientCertificates: { Count: 1 } certificates } ? certificates[0] : null;
}
