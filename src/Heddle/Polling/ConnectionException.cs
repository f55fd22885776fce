using System.Net;
using System.Net.Sockets;

namespace Heddle;

/// <summary>A connection could not be made, or broke, or a server could not listen.</summary>
/// <remarks>The message names the end point, the cause and what to do. An <see cref="IOException"/>, so that code over streams knows it.</remarks>
public class ConnectionException : IOException
{
    internal ConnectionException(string message, SocketError errorCode, EndPoint? endPoint, Exception? inner = null)
        : base(message, inner)
    {
        ErrorCode = errorCode;
        EndPoint = endPoint;
    }

    /// <summary>The cause, as the system tells it; <see cref="SocketError.SocketError"/> if it has no code for it.</summary>
    public SocketError ErrorCode { get; }

    /// <summary>Who it was about: the other end, or where a server was to listen.</summary>
    public EndPoint? EndPoint { get; }
}
