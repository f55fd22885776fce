using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace Heddle;

/// <summary>What can be wrong with TLS.</summary>
internal static class TlsFailures
{
    /// <summary>Once the session stands only the connection below it fails, or somebody has tampered with it.</summary>
    internal static SocketError ToSocketError(Exception failure) => failure switch
    {
        ConnectionException broken => broken.ErrorCode,
        ObjectDisposedException => SocketError.OperationAborted,
        EndOfStreamException => SocketError.ConnectionReset,
        _ => SocketError.ConnectionAborted,
    };

    internal static ConnectionException Handshake(EndPoint? remote, Exception failure, string? certificateProblem)
    {
        var cause = certificateProblem ?? failure switch
        {
            ConnectionException broken => IoFailures.Cause(broken.ErrorCode),
            EndOfStreamException or IOException => "the other end closed the connection; it may not speak TLS, or dislike this side's certificate or version",
            AuthenticationException => $"the two sides found no way to talk, or the other end does not speak TLS ({Innermost(failure).Message.TrimEnd('.')})",
            _ => Innermost(failure).Message.TrimEnd('.'),
        };
        return new($"The TLS handshake with {IoFailures.Name(remote)} failed: {cause}.", SocketError.ConnectionAborted, remote, failure);
    }

    /// <summary>What is wrong with the other end's certificate, in words; null if nothing is.</summary>
    internal static string? Describe(SslPolicyErrors errors, X509Certificate? certificate, X509Chain? chain, string? host)
    {
        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNotAvailable))
        {
            return "the other end has shown no certificate";
        }

        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch))
        {
            return $"its certificate is for {certificate?.Subject}, and not for the name '{host}'; connect by a name that it is for";
        }

        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateChainErrors))
        {
            return $"its certificate ({certificate?.Subject}) is not trusted: {Problems(chain)}";
        }

        return null;
    }

    private static string Problems(X509Chain? chain)
    {
        var problems = chain?.ChainStatus.Select(status => status.Status).Distinct().Select(Describe).ToArray();
        return problems is { Length: > 0 } ? string.Join(", ", problems) : "its chain of issuers cannot be built";
    }

    private static string Describe(X509ChainStatusFlags status) => status switch
    {
        X509ChainStatusFlags.NotTimeValid => "it has expired, or is not valid yet",
        X509ChainStatusFlags.UntrustedRoot => "nobody here trusts its issuer",
        X509ChainStatusFlags.PartialChain => "its issuer is unknown here",
        X509ChainStatusFlags.Revoked => "it was revoked",
        X509ChainStatusFlags.RevocationStatusUnknown or X509ChainStatusFlags.OfflineRevocation => "whether it was revoked cannot be found out",
        _ => status.ToString(),
    };

    private static Exception Innermost(Exception failure)
    {
        while (failure.InnerException is { } inner)
        {
            failure = inner;
        }

        return failure;
    }
}
