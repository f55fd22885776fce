namespace Heddle;

/// <summary>Where code goes on that has begun an operation of a <see cref="TransportStream"/> on a thread that is not the loop's.</summary>
internal enum GoingOn
{
    OnLoop,

    /// <summary>On <see cref="HandshakeThreads"/>: it is a handshake, which may block, and takes one of few places.</summary>
    OnHandshakeThreads,

    /// <summary>On any thread of the pool: nobody knows when its handshake is over, and what follows must not wait for others'.</summary>
    InPool,
}
