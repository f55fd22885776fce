using System.Net;
using System.Net.Security;
using Heddle.LowLevel;

namespace Heddle;

/// <summary>How a connection is made.</summary>
public sealed record ConnectOptions
{
    /// <summary>What is set on the socket.</summary>
    public SocketSettings Socket { get; init; } = new();

    /// <summary>
    /// How long an attempt at one of a name's addresses has before the next one is tried beside it (RFC 8305, section 5). Default: 250 ms.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative.</exception>
    public TimeSpan AttemptDelay
    {
        get;
        init => field = Durations.Checked(value, nameof(AttemptDelay));
    } = TimeSpan.FromMilliseconds(250);

    /// <summary>Finds a name's addresses, in the order of preference. Default: the system's resolver, off the loop.</summary>
    public Func<string, Coroutine<IReadOnlyList<IPAddress>>>? Resolve { get; init; }

    /// <summary>Has the connection speak TLS. A missing target host is the name that is connected to. Default: null, no TLS.</summary>
    /// <remarks>
    /// The handshake, and so the callbacks in it, runs on the thread pool. Without a policy of its own,
    /// <see cref="SslClientAuthenticationOptions.CertificateChainPolicy"/>, missing issuers of certificates are not downloaded.
    /// </remarks>
    public SslClientAuthenticationOptions? Tls { get; init; }

    /// <summary>How long the TLS handshake may take. Default: 30 seconds.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative.</exception>
    public TimeSpan HandshakeTimeout
    {
        get;
        init => field = Durations.Checked(value, nameof(HandshakeTimeout));
    } = TimeSpan.FromSeconds(30);
}
