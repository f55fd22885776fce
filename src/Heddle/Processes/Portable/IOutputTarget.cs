namespace Heddle;

/// <summary>Where pumps bring what a process writes. Any thread.</summary>
internal interface IOutputTarget
{
    /// <summary>Takes in a piece, which is valid until the task has ended; that waits while there is no room for more.</summary>
    ValueTask AddAsync(ReadOnlyMemory<byte> piece);
}

/// <summary>A file, or nothing. Two pumps may lead to one.</summary>
internal sealed class StreamTarget(Stream stream) : IOutputTarget
{
    private readonly SemaphoreSlim _turn = new(1);

    public async ValueTask AddAsync(ReadOnlyMemory<byte> piece)
    {
        await _turn.WaitAsync().ConfigureAwait(false);
        try
        {
            await stream.WriteAsync(piece).ConfigureAwait(false);
            await stream.FlushAsync().ConfigureAwait(false);
        }
        finally
        {
            _turn.Release();
        }
    }
}
