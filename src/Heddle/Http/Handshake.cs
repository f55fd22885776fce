using System.Net.Security;
using System.Runtime.CompilerServices;

namespace Heddle;

/// <summary>What a connection that was made for a request goes through before it speaks HTTP. Threads of the pool.</summary>
/// <remarks>
/// TLS checks certificates, which takes long and may ask the network, so it stays off the loop's thread. And the handler
/// itself goes on with it for seconds after the request has gone, so until then the connection ends with its request.
/// </remarks>
internal sealed class Handshake
{
    /// <summary>By stream, as a request may be the first of several connections at once: redirected, or served by another one meanwhile.</summary>
    private static readonly ConditionalWeakTable<Stream, Handshake> s_underWay = [];

    private readonly Stream _stream;
    private readonly CancellationTokenRegistration _gone;

    private Handshake(Stream stream, CancellationToken gone)
    {
        _stream = stream;
        SetGoesOn(stream, GoingOn.OnHandshakeThreads);
        _gone = gone.UnsafeRegister(static stream => ((Stream)stream!).Dispose(), stream);
    }

    /// <summary>Of a connection that a request was given.</summary>
    /// <exception cref="OperationCanceledException">The request has gone, and the connection is closed.</exception>
    internal static void Begin(Stream stream, CancellationToken gone)
    {
        s_underWay.Add(stream, new Handshake(stream, gone));
        gone.ThrowIfCancellationRequested();
    }

    /// <summary>Of a connection that the handler makes by itself, for a tunnel, in which another handshake follows that cannot be followed.</summary>
    internal static void BeginTunnel(Stream stream) => SetGoesOn(stream, GoingOn.InPool);

    /// <summary>From here on the connection belongs to no request more than to any other.</summary>
    /// <param name="speaksHttp">The connection, or the TLS over it.</param>
    /// <exception cref="OperationCanceledException">Its request has gone and taken it along: nobody else must get it.</exception>
    internal static void End(Stream speaksHttp)
    {
        var stream = speaksHttp is SslStream session ? StreamBelow(session) : speaksHttp;
        if (s_underWay.TryGetValue(stream, out var handshake))
        {
            s_underWay.Remove(stream);
            if (!handshake._gone.Unregister() && handshake._gone.Token.CanBeCanceled)
            {
                throw new OperationCanceledException(handshake._gone.Token);
            }

            SetGoesOn(stream, GoingOn.OnLoop);
        }
    }

    /// <summary>What TLS is spoken over.</summary>
    internal static Stream StreamBelow(SslStream session) => InnerStream(session);

    private static void SetGoesOn(Stream stream, GoingOn value)
    {
        if (stream is TransportStream ofLoop)
        {
            ofLoop.GoesOn = value;
        }
    }

    /// <summary>The handler gives out the session only. The property is there for every class that is derived from its class.</summary>
    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_InnerStream")]
    private static extern Stream InnerStream(AuthenticatedStream session);
}
