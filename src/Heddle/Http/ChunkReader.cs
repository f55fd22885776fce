namespace Heddle;

/// <summary>A body in the pieces in which it comes.</summary>
internal sealed class ChunkReader : IPieceReader<ReadOnlyMemory<byte>>
{
    private readonly BodySource _source;

    internal ChunkReader(LoopHttpResponse response) => _source = new BodySource(response);

    public ReadOnlyMemory<byte> Current { get; private set; }

    public bool? TryMove() => _source.TryNext() is { } piece ? Set(piece) : null;

    public async Coroutine<bool> MoveAsync() => Set(await _source.WaitForNextAsync());

    public void Leave() => _source.Leave();

    private bool Set(ReadOnlyMemory<byte> piece)
    {
        Current = piece;
        return !piece.IsEmpty;
    }
}
