namespace Heddle;

/// <summary>What a connection that was made for a request goes through before it speaks HTTP. Threads of the pool.</summary>
/// <remarks>
/// TLS checks certificates, which takes long and may ask the network, so it stays off the loop's thread. And the handler
/// itself goes on with it for seconds after the request has gone.
/// </remarks>
internal sealed class Handshake
{
    private readonly Stream _stream;
    private readonly CancellationTokenRegistration _gone;

    internal Handshake(Stream stream, CancellationToken gone)
    {
        _stream = stream;
        SetGoesOnElsewhere(true);
        _gone = gone.UnsafeRegister(static stream => ((Stream)stream!).Dispose(), stream);
    }

    /// <summary>From here on the connection belongs to no request more than to any other.</summary>
    internal void End()
    {
        _gone.Unregister();
        SetGoesOnElsewhere(false);
    }

    private void SetGoesOnElsewhere(bool value)
    {
        if (_stream is TransportStream ofLoop)
        {
            ofLoop.GoesOnElsewhere = value;
        }
    }
}
