namespace Heddle;

/// <summary>The results of a map. It starts with the enumeration, and ends with it.</summary>
internal sealed class MapSequence<T, TResult>(
    IExecutor executor, WorkFunction<T, TResult> function, Func<ChunkSource<T>> source, MapOptions options) : IAsyncEnumerable<TResult>
{
    public IAsyncEnumerator<TResult> GetAsyncEnumerator(CancellationToken cancellationToken = default)
    {
        LoopTask.CurrentOrThrow().ThrowIfCanceled();
        return new MapRun<T, TResult>(
            chunk => executor.ExecuteAsync(new WorkChunk<T, TResult>(function, chunk)),
            source(),
            new ChunkSize(options.ChunkSize, executor.MaxConcurrency),
            new MapRoom(executor, options.MaxChunks),
            options.InOrder,
            cancellationToken);
    }
}
