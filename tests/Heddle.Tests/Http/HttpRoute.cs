using Heddle.LowLevel;

namespace Heddle.Tests.Http;

/// <summary>By what the bytes of a request go: whose connections, on whose sockets.</summary>
/// <param name="Transport">Whose connections the client has.</param>
/// <param name="Network">Makes the loop's sockets. Null: the default.</param>
public sealed record HttpRoute(HttpTransport Transport, Func<EventLoop, INetworkPoller>? Network)
{
    internal static HttpRoute Loop { get; } = new(HttpTransport.Loop, null);

    internal static HttpRoute PortableLoop { get; } = new(HttpTransport.Loop, Pollers.Sockets);

    internal static HttpRoute System { get; } = new(HttpTransport.System, null);
}
