using System.Net.Security;
using Heddle.LowLevel;

namespace Heddle;

/// <summary>How a server listens and stops.</summary>
public sealed record ServerOptions
{
    /// <summary>What is set on the listening socket, and so on those of its connections.</summary>
    public ListenSettings Socket { get; init; } = new();

    /// <summary>Has the server speak TLS. Default: null, no TLS.</summary>
    /// <remarks>
    /// The handshake, and so the callbacks in it, runs on the thread pool. Without a policy of its own,
    /// <see cref="SslServerAuthenticationOptions.CertificateChainPolicy"/>, missing issuers of certificates are not downloaded.
    /// </remarks>
    public SslServerAuthenticationOptions? Tls { get; init; }

    /// <summary>How long a client's TLS handshake may take before its connection is closed. Default: ten seconds.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative.</exception>
    public TimeSpan HandshakeTimeout
    {
        get;
        init => field = Durations.Checked(value, nameof(HandshakeTimeout));
    } = TimeSpan.FromSeconds(10);

    /// <summary>How many connections are served at once; more wait in the system's queue. Default: no limit.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not positive.</exception>
    public int? MaxConnections
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(value ?? 1, nameof(MaxConnections));
            field = value;
        }
    }

    /// <summary>How long handlers may go on after <see cref="Server{TConnection}.StopAsync"/> before they are cancelled. Default: ten seconds.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative.</exception>
    public TimeSpan StopGrace
    {
        get;
        init => field = Durations.Checked(value, nameof(StopGrace));
    } = TimeSpan.FromSeconds(10);
}
