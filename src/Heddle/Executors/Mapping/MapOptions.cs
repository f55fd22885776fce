namespace Heddle;

/// <summary>How <c>MapAsync</c> cuts its input and hands out results.</summary>
public sealed class MapOptions
{
    /// <summary>
    /// How many items go to a worker at once. Default: null, as many as take about four milliseconds, found out on the way, and never so many
    /// that some workers would have nothing to do.
    /// </summary>
    public int? ChunkSize { get; init; }

    /// <summary>Whether results come in the order of the items, or each chunk's as it is done. Default: in order.</summary>
    public bool InOrder { get; init; } = true;

    /// <summary>
    /// How many chunks there can be that are sent and whose results were not taken: no more of the input is read meanwhile. Default: null, two for
    /// each worker; on a cluster for each that there is at the time.
    /// </summary>
    public int? MaxChunks { get; init; }
}
