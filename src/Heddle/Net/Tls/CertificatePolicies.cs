using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace Heddle;

/// <summary>How the other end's certificate is checked when the user has given no policy.</summary>
internal static class CertificatePolicies
{
    /// <summary>
    /// As SslStream would, but that missing issuers are not downloaded from where the certificate, which nobody has checked yet,
    /// says that they are.
    /// </summary>
    /// <param name="revocation">A policy stands in the place of this option, too.</param>
    /// <param name="given">A user's, which may hold a trust of its own that a policy would stand in the place of: then there is none.</param>
    internal static X509ChainPolicy? WithoutDownloads(X509RevocationMode revocation, SslStreamCertificateContext? given) => given is not null ? null : new()
    {
        DisableCertificateDownloads = true,
        RevocationMode = revocation,
        RevocationFlag = X509RevocationFlag.ExcludeRoot,
    };
}
