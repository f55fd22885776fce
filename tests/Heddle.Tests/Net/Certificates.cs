using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Heddle.Tests.Net;

/// <summary>Certificates made for a test.</summary>
internal static class Certificates
{
    private static readonly DateTimeOffset s_now = DateTimeOffset.UtcNow;

    internal static X509Certificate2 SelfSigned(string host, int validDays = 30)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={host}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        if (IPAddress.TryParse(host, out var address))
        {
            names.AddIpAddress(address);
        }
        else
        {
            names.AddDnsName(host);
        }

        request.CertificateExtensions.Add(names.Build());
        return request.CreateSelfSigned(s_now.AddDays(Math.Min(0, validDays) - 30), s_now.AddDays(validDays));
    }

    /// <summary>
    /// A certificate of an issuer that nobody knows here, for servers and clients. It says where the issuer's own certificate is to be had.
    /// </summary>
    internal static X509Certificate2 IssuedElsewhere(string host, string issuerAddress)
    {
        using var issuerKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var issuer = new X500DistinguishedName("CN=Somebody Elsewhere");
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={host}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(host);
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509AuthorityInformationAccessExtension(null, [issuerAddress]));
        using var certificate = request.Create(
            issuer, X509SignatureGenerator.CreateForECDsa(issuerKey), s_now.AddDays(-30), s_now.AddDays(30), RandomNumberGenerator.GetBytes(8));
        return certificate.CopyWithPrivateKey(key);
    }

    /// <summary>Trusts the certificate as an issuer; whether it fits is still looked at.</summary>
    internal static X509ChainPolicy Trusting(X509Certificate2 certificate) => new()
    {
        TrustMode = X509ChainTrustMode.CustomRootTrust,
        CustomTrustStore = { certificate },
        RevocationMode = X509RevocationMode.NoCheck,
    };
}
