namespace Heddle;

/// <content>The methods of HTTP.</content>
public sealed partial class LoopHttpClient
{
    /// <summary>Asks for what is at the address, and reads the body to its end.</summary>
    /// <param name="address">Absolute, or relative to the base address.</param>
    /// <inheritdoc cref="SendAsync(HttpRequestMessage, TimeSpan?)" path="/param[@name='timeout']"/>
    /// <inheritdoc cref="SendAsync(HttpRequestMessage, TimeSpan?)" path="/exception"/>
    public Coroutine<LoopHttpResponse> GetAsync(string address, TimeSpan? timeout = null)
        => SendAsync(HttpMethod.Get, address, null, timeout);

    /// <summary>Asks for the headers only of what is at the address.</summary>
    /// <inheritdoc cref="GetAsync(string, TimeSpan?)"/>
    public Coroutine<LoopHttpResponse> HeadAsync(string address, TimeSpan? timeout = null)
        => SendAsync(HttpMethod.Head, address, null, timeout);

    /// <summary>Sends the body to the address.</summary>
    /// <param name="address">Absolute, or relative to the base address.</param>
    /// <param name="content">
    /// The body, which stays the caller's to dispose of; null for none. A <see cref="StreamContent"/>, a <see cref="FileContent"/>
    /// and a <see cref="MultipartFormDataContent"/> are sent in pieces and never held in memory as a whole.
    /// </param>
    /// <inheritdoc cref="SendAsync(HttpRequestMessage, TimeSpan?)" path="/param[@name='timeout']"/>
    /// <inheritdoc cref="SendAsync(HttpRequestMessage, TimeSpan?)" path="/exception"/>
    public Coroutine<LoopHttpResponse> PostAsync(string address, HttpContent? content = null, TimeSpan? timeout = null)
        => SendAsync(HttpMethod.Post, address, content, timeout);

    /// <summary>Puts the body at the address.</summary>
    /// <inheritdoc cref="PostAsync(string, HttpContent?, TimeSpan?)"/>
    public Coroutine<LoopHttpResponse> PutAsync(string address, HttpContent? content = null, TimeSpan? timeout = null)
        => SendAsync(HttpMethod.Put, address, content, timeout);

    /// <summary>Changes what is at the address as the body says.</summary>
    /// <inheritdoc cref="PostAsync(string, HttpContent?, TimeSpan?)"/>
    public Coroutine<LoopHttpResponse> PatchAsync(string address, HttpContent? content = null, TimeSpan? timeout = null)
        => SendAsync(HttpMethod.Patch, address, content, timeout);

    /// <summary>Deletes what is at the address.</summary>
    /// <inheritdoc cref="GetAsync(string, TimeSpan?)"/>
    public Coroutine<LoopHttpResponse> DeleteAsync(string address, TimeSpan? timeout = null)
        => SendAsync(HttpMethod.Delete, address, null, timeout);

    /// <summary>Posts the fields of a form, as a browser does.</summary>
    /// <param name="address">Absolute, or relative to the base address.</param>
    /// <param name="fields">Names and values; a name may come more than once.</param>
    /// <inheritdoc cref="SendAsync(HttpRequestMessage, TimeSpan?)" path="/param[@name='timeout']"/>
    /// <inheritdoc cref="SendAsync(HttpRequestMessage, TimeSpan?)" path="/exception"/>
    public async Coroutine<LoopHttpResponse> PostFormAsync(
        string address, IEnumerable<KeyValuePair<string, string>> fields, TimeSpan? timeout = null)
    {
        using var form = new FormUrlEncodedContent(fields);
        return await SendAsync(HttpMethod.Post, address, form, timeout);
    }

    /// <summary>Asks for what is at the address, and returns as soon as the headers have come.</summary>
    /// <inheritdoc cref="StreamAsync(HttpRequestMessage, TimeSpan?)" path="/remarks"/>
    /// <inheritdoc cref="GetAsync(string, TimeSpan?)"/>
    public async Coroutine<LoopHttpResponse> StreamAsync(string address, TimeSpan? timeout = null)
        => await StreamAsync(new LoopHttpRequest(HttpMethod.Get, HttpAddresses.Parse(address)), timeout);

    /// <summary>The text at the address, decoded as the answer's headers say.</summary>
    /// <exception cref="LoopHttpException">The status was not a success, no answer came, or it broke off.</exception>
    /// <inheritdoc cref="GetAsync(string, TimeSpan?)"/>
    public async Coroutine<string> GetStringAsync(string address, TimeSpan? timeout = null)
        => await (await GetAsync(address, timeout)).EnsureSuccess().ReadAsStringAsync();

    /// <summary>The bytes at the address.</summary>
    /// <inheritdoc cref="GetStringAsync(string, TimeSpan?)"/>
    public async Coroutine<byte[]> GetBytesAsync(string address, TimeSpan? timeout = null)
        => await (await GetAsync(address, timeout)).EnsureSuccess().ReadAsBytesAsync();

    private async Coroutine<LoopHttpResponse> SendAsync(HttpMethod method, string address, HttpContent? content, TimeSpan? timeout)
        => await SendAsync(new LoopHttpRequest(method, HttpAddresses.Parse(address)) { Content = content }, timeout);
}
