using System.Net;

namespace Heddle;

/// <summary>An HTTP exchange failed: no answer came, it broke off, or its status was not a success.</summary>
/// <remarks>
/// The message says what happened, the likely cause and a remedy. It leaves out credentials and the query of the address,
/// which may hold secrets; <see cref="Address"/> has them. Silence of a server is not this but a
/// <see cref="TimeoutException"/>.
/// </remarks>
public sealed class LoopHttpException : HttpRequestException
{
    internal LoopHttpException(
        string message, HttpMethod method, Uri address, Exception? inner, HttpRequestError error, HttpStatusCode? status = null)
        : base(error, Passwords.Hide(message), Passwords.Hide(inner), status)
    {
        Method = method;
        Address = address;
    }

    /// <summary>The method of the request.</summary>
    public HttpMethod Method { get; }

    /// <summary>The whole address; after redirects, the one that the answer came from.</summary>
    public Uri Address { get; }
}
