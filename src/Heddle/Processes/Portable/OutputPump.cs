namespace Heddle;

/// <summary>Reads one output of a process on threads of the pool, and hands on what comes.</summary>
/// <param name="source">The pipe.</param>
/// <param name="target">Takes each piece.</param>
internal sealed class OutputPump(Stream source, IOutputTarget target)
{
    private const int PieceSize = 16 * 1024;

    private long _count;

    internal IOutputTarget Target => target;

    /// <summary>Ends with the pipe, be it broken; never fails.</summary>
    internal Task End { get; private set; } = Task.CompletedTask;

    /// <summary>How much has come.</summary>
    internal long Count => Volatile.Read(ref _count);

    internal void Start() => End = Task.Run(RunAsync);

    internal void Close() => source.Dispose();

    private async Task RunAsync()
    {
        var buffer = new byte[PieceSize];
        try
        {
            while (await source.ReadAsync(buffer).ConfigureAwait(false) is var count and > 0)
            {
                Interlocked.Add(ref _count, count);
                await target.AddAsync(buffer.AsMemory(0, count)).ConfigureAwait(false);
            }
        }
        catch (Exception failure) when (failure is IOException or ObjectDisposedException or OperationCanceledException)
        {
            // Closed by this program, or the disk is full: as for a child whose output nobody reads any more.
            Close();
        }
    }
}
