using System.Diagnostics.CodeAnalysis;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Heddle;

/// <content>JSON bodies. With a <see cref="JsonTypeInfo{T}"/> they are good for trimming and Native AOT, with reflection they are not.</content>
public sealed partial class LoopHttpClient
{
    internal const string ByReflection =
        "JSON by reflection needs members that trimming may remove, and code made at run time. Use the overload with a JsonTypeInfo.";

    /// <summary>The value that the JSON at the address stands for.</summary>
    /// <exception cref="JsonException">What came is no JSON, or none of that type.</exception>
    /// <inheritdoc cref="GetStringAsync(string, TimeSpan?)"/>
    public async Coroutine<T?> GetJsonAsync<T>(string address, JsonTypeInfo<T> type, TimeSpan? timeout = null)
    {
        ArgumentNullException.ThrowIfNull(type);
        return await (await GetAsync(address, timeout)).EnsureSuccess().ReadAsJsonAsync(type);
    }

    /// <inheritdoc cref="GetJsonAsync{T}(string, JsonTypeInfo{T}, TimeSpan?)"/>
    /// <param name="options">Default: those of the web, with names in camel case.</param>
    [RequiresUnreferencedCode(ByReflection)]
    [RequiresDynamicCode(ByReflection)]
    public async Coroutine<T?> GetJsonAsync<T>(string address, JsonSerializerOptions? options = null, TimeSpan? timeout = null)
        => await (await GetAsync(address, timeout)).EnsureSuccess().ReadAsJsonAsync<T>(options);

    /// <summary>Posts the value as JSON.</summary>
    /// <inheritdoc cref="GetAsync(string, TimeSpan?)"/>
    public Coroutine<LoopHttpResponse> PostJsonAsync<T>(string address, T value, JsonTypeInfo<T> type, TimeSpan? timeout = null)
        => SendJsonAsync(HttpMethod.Post, address, value, type, timeout);

    /// <inheritdoc cref="PostJsonAsync{T}(string, T, JsonTypeInfo{T}, TimeSpan?)"/>
    /// <param name="options">Default: those of the web, with names in camel case.</param>
    [RequiresUnreferencedCode(ByReflection)]
    [RequiresDynamicCode(ByReflection)]
    public Coroutine<LoopHttpResponse> PostJsonAsync<T>(
        string address, T value, JsonSerializerOptions? options = null, TimeSpan? timeout = null)
        => SendJsonAsync(HttpMethod.Post, address, value, options, timeout);

    /// <summary>Puts the value, as JSON, at the address.</summary>
    /// <inheritdoc cref="PostJsonAsync{T}(string, T, JsonTypeInfo{T}, TimeSpan?)"/>
    public Coroutine<LoopHttpResponse> PutJsonAsync<T>(string address, T value, JsonTypeInfo<T> type, TimeSpan? timeout = null)
        => SendJsonAsync(HttpMethod.Put, address, value, type, timeout);

    /// <inheritdoc cref="PutJsonAsync{T}(string, T, JsonTypeInfo{T}, TimeSpan?)"/>
    /// <param name="options">Default: those of the web, with names in camel case.</param>
    [RequiresUnreferencedCode(ByReflection)]
    [RequiresDynamicCode(ByReflection)]
    public Coroutine<LoopHttpResponse> PutJsonAsync<T>(
        string address, T value, JsonSerializerOptions? options = null, TimeSpan? timeout = null)
        => SendJsonAsync(HttpMethod.Put, address, value, options, timeout);

    /// <summary>Changes what is at the address as the value says, which is sent as JSON.</summary>
    /// <inheritdoc cref="PostJsonAsync{T}(string, T, JsonTypeInfo{T}, TimeSpan?)"/>
    public Coroutine<LoopHttpResponse> PatchJsonAsync<T>(string address, T value, JsonTypeInfo<T> type, TimeSpan? timeout = null)
        => SendJsonAsync(HttpMethod.Patch, address, value, type, timeout);

    /// <inheritdoc cref="PatchJsonAsync{T}(string, T, JsonTypeInfo{T}, TimeSpan?)"/>
    /// <param name="options">Default: those of the web, with names in camel case.</param>
    [RequiresUnreferencedCode(ByReflection)]
    [RequiresDynamicCode(ByReflection)]
    public Coroutine<LoopHttpResponse> PatchJsonAsync<T>(
        string address, T value, JsonSerializerOptions? options = null, TimeSpan? timeout = null)
        => SendJsonAsync(HttpMethod.Patch, address, value, options, timeout);

    private async Coroutine<LoopHttpResponse> SendJsonAsync<T>(
        HttpMethod method, string address, T value, JsonTypeInfo<T> type, TimeSpan? timeout)
    {
        using var content = JsonContent.Create(value, type);
        return await SendAsync(method, address, content, timeout);
    }

    [RequiresUnreferencedCode(ByReflection)]
    [RequiresDynamicCode(ByReflection)]
    private async Coroutine<LoopHttpResponse> SendJsonAsync<T>(
        HttpMethod method, string address, T value, JsonSerializerOptions? options, TimeSpan? timeout)
    {
        using var content = JsonContent.Create(value, options: options);
        return await SendAsync(method, address, content, timeout);
    }
}
