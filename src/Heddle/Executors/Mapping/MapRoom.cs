using Heddle.LowLevel;

namespace Heddle;

/// <summary>How many chunks of a map there can be that are sent and whose results were not taken. Loop thread only.</summary>
internal sealed class MapRoom : IDisposable
{
    private const int ChunksPerWorker = 2;

    private readonly IElasticExecutor? _growing;
    private readonly AsyncSemaphore _room;
    private int _size;

    /// <summary>How many that are given back are kept, since workers have gone.</summary>
    private int _excess;

    /// <param name="executor">Where the chunks go. That of a cluster has as many workers as have joined; any other makes them as they are needed.</param>
    /// <param name="wish">How many there can be, whatever the workers.</param>
    internal MapRoom(IExecutor executor, int? wish)
    {
        _growing = wish is null ? executor as IElasticExecutor : null;
        _size = wish ?? For(_growing?.Statistics.Workers ?? executor.MaxConcurrency);
        _room = new(_size);
        _growing?.WorkersChanged += Resize;
    }

    internal Coroutine AcquireAsync() => _room.AcquireAsync();

    internal void Release() => Release(1);

    public void Dispose() => _growing?.WorkersChanged -= Resize;

    /// <summary>Without workers so many as have the executor look for some.</summary>
    private static int For(int workers) => (int)Math.Min((long)ChunksPerWorker * Math.Max(workers, 1), int.MaxValue);

    private void Resize()
    {
        var size = For(_growing!.Statistics.Workers);
        if (size > _size)
        {
            Release(size - _size);
        }
        else
        {
            _excess += _size - size;
        }

        _size = size;
    }

    private void Release(int count)
    {
        var owed = Math.Min(count, _excess);
        _excess -= owed;
        if (count > owed)
        {
            _room.Release(count - owed);
        }
    }
}
