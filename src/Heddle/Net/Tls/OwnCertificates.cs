using System.Net.Security;
using System.Runtime.CompilerServices;
using System.Security.Cryptography.X509Certificates;

namespace Heddle;

/// <summary>Certificates that this side shows, with their issuers, which are looked for on this machine alone. Any thread.</summary>
internal static class OwnCertificates
{
    private static readonly ConditionalWeakTable<X509Certificate2, SslStreamCertificateContext> s_prepared = [];

    /// <summary>Prepares it, once; null if .NET has to find its key.</summary>
    internal static SslStreamCertificateContext? Prepare(X509Certificate? certificate)
        => certificate is X509Certificate2 { HasPrivateKey: true } own
            ? s_prepared.GetValue(own, static own => SslStreamCertificateContext.Create(own, additionalCertificates: null, offline: true))
            : null;
}
