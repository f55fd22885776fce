namespace Heddle;

/// <summary>One reading of a body, from memory or from the server.</summary>
internal sealed class BodySource
{
    private readonly LoopHttpResponse _response;
    private readonly byte[]? _body;
    private ValueTask<int> _pending;
    private bool _isOver;

    internal BodySource(LoopHttpResponse response)
    {
        _response = response;
        _body = response.Body;
        response.BeginReading();
    }

    /// <summary>The next piece if it needs no waiting, empty at the end; null if <see cref="WaitForNextAsync"/> must follow.</summary>
    internal ReadOnlyMemory<byte>? TryNext()
    {
        if (_body is null)
        {
            return _response.TryNext(out _pending);
        }

        var piece = _isOver ? ReadOnlyMemory<byte>.Empty : _body.AsMemory();
        _isOver = true;
        return piece;
    }

    internal Coroutine<ReadOnlyMemory<byte>> WaitForNextAsync() => _response.WaitForNextAsync(_pending);

    internal void Leave()
    {
        if (_body is null)
        {
            _response.Close();
        }
    }
}
