using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Heddle;

/// <content>The body as a whole.</content>
public sealed partial class LoopHttpResponse
{
    private byte[]? _body;

    /// <summary>The body, once it is in memory.</summary>
    internal byte[]? Body => _body;

    /// <summary>The body's bytes, which a response of <c>StreamAsync</c> reads from the server first.</summary>
    /// <exception cref="LoopHttpException">The body broke off, or is longer than <see cref="LoopHttpOptions.MaxBufferedBytes"/>.</exception>
    /// <exception cref="TimeoutException">The server was silent for too long.</exception>
    /// <exception cref="InvalidOperationException">The body was, or is being, read in pieces.</exception>
    /// <exception cref="ScopeCanceledException">The scope is cancelled.</exception>
    public async Coroutine<byte[]> ReadAsBytesAsync()
    {
        await BufferAsync();
        return _body!;
    }

    /// <summary>The body as text, decoded by the charset of its <c>Content-Type</c>; UTF-8 if there is none.</summary>
    /// <exception cref="NotSupportedException">The charset is unknown here.</exception>
    /// <inheritdoc cref="ReadAsBytesAsync"/>
    public async Coroutine<string> ReadAsStringAsync()
    {
        await BufferAsync();
        var encoding = BodyText.EncodingOf(_message.Content.Headers, _exchange);
        return encoding.GetString(BodyText.WithoutMark(_body!, encoding));
    }

    /// <summary>The value that the body's JSON stands for.</summary>
    /// <exception cref="JsonException">The body is no JSON, or none of that type.</exception>
    /// <inheritdoc cref="ReadAsBytesAsync"/>
    public async Coroutine<T?> ReadAsJsonAsync<T>(JsonTypeInfo<T> type)
    {
        ArgumentNullException.ThrowIfNull(type);
        await BufferAsync();
        try
        {
            return JsonSerializer.Deserialize(JsonBytes(), type);
        }
        catch (JsonException failure)
        {
            throw NotJson(failure);
        }
    }

    /// <inheritdoc cref="ReadAsJsonAsync{T}(JsonTypeInfo{T})"/>
    /// <param name="options">Default: those of the web, with names in camel case.</param>
    [RequiresUnreferencedCode(LoopHttpClient.ByReflection)]
    [RequiresDynamicCode(LoopHttpClient.ByReflection)]
    public async Coroutine<T?> ReadAsJsonAsync<T>(JsonSerializerOptions? options = null)
    {
        await BufferAsync();
        try
        {
            return JsonSerializer.Deserialize<T>(JsonBytes(), options ?? JsonSerializerOptions.Web);
        }
        catch (JsonException failure)
        {
            throw NotJson(failure);
        }
    }

    /// <summary>Reads the body to its end, unless that was done before.</summary>
    internal async Coroutine BufferAsync()
    {
        LoopTask.CurrentOrThrow().ThrowIfCanceled();
        if (_body is not null)
        {
            return;
        }

        BeginReading();
        if (_message.Content.Headers.ContentLength > _maxBufferedBytes)
        {
            Close();
            throw HttpFailures.TooBig(_exchange, _maxBufferedBytes);
        }

        try
        {
            await OpenAsync();
            var body = new BodyBuffer(_message.Content.Headers.ContentLength, _maxBufferedBytes);
            for (var inARow = 1; ; inARow++)
            {
                ThrowIfClosed();
                var reading = StartRead(body.Room);
                var isThere = reading.IsCompletedSuccessfully;
                var count = isThere ? reading.Result : await _exchange.WaitAsync(reading, Reading);
                if (count == 0)
                {
                    break;
                }

                if (!body.TryAdd(count))
                {
                    throw HttpFailures.TooBig(_exchange, _maxBufferedBytes);
                }

                if (!isThere)
                {
                    inARow = 0;
                }
                else if (inARow == PiecesPerTurn)
                {
                    inARow = 0;
                    await Coroutine.Yield();
                }
            }

            _body = body.ToArray();
            _hasEnded = true;
        }
        finally
        {
            Close();
        }
    }

    /// <summary>JSON is UTF-8 (RFC 8259); what is declared otherwise is brought into it.</summary>
    private ReadOnlySpan<byte> JsonBytes()
    {
        var encoding = BodyText.EncodingOf(_message.Content.Headers, _exchange);
        var bytes = BodyText.WithoutMark(_body!, encoding);
        return encoding is UTF8Encoding ? bytes : Encoding.Convert(encoding, Encoding.UTF8, bytes.ToArray());
    }

    private JsonException NotJson(JsonException failure)
    {
        var type = _message.Content.Headers.ContentType?.MediaType ?? "no Content-Type";
        return new(
            $"{this} ({type}, {_body!.Length} bytes) has a body that is not the JSON asked for: {failure.Message} "
            + "Check the address and the type; a page of text where data was expected often is an error or a sign-in.",
            failure.Path,
            failure.LineNumber,
            failure.BytePositionInLine,
            failure);
    }
}
