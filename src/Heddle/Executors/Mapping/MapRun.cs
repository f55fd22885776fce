using System.Runtime.ExceptionServices;

namespace Heddle;

/// <summary>
/// One enumeration of a map. A feeder task takes chunks from the input while there is room, and starts a task for each; the code that
/// enumerates takes their results, which makes room. All these tasks live in a group that ends with the enumeration.
/// </summary>
internal sealed class MapRun<T, TResult> : IAsyncEnumerator<TResult>
{
    private static readonly TaskGroupOptions s_options = new() { Name = "MapAsync", KeepGoing = true };

    private static readonly ChunkResult<TResult> s_none = new([], default, null);

    private readonly Queue<LoopTask<ChunkResult<TResult>>> _chunks = new();
    private readonly Func<ReadOnlyMemory<T>, Coroutine<ChunkResult<TResult>>> _call;
    private readonly ChunkSource<T> _source;
    private readonly ChunkSize _size;
    private readonly bool _inOrder;
    private readonly MapRoom _room;
    private readonly TaskGroup _group;
    private readonly LoopTask _feeder;
    private readonly CancellationTokenRegistration _registration;
    private CoroutineSource<Nothing>? _change;
    private ChunkResult<TResult> _chunk = s_none;
    private int _position = -1;
    private int _outstanding;
    private bool _holdsRoom;
    private bool _isOver;
    private bool _isDisposed;

    internal MapRun(
        Func<ReadOnlyMemory<T>, Coroutine<ChunkResult<TResult>>> call,
        ChunkSource<T> source,
        ChunkSize size,
        MapRoom room,
        bool inOrder,
        CancellationToken token)
    {
        (_call, _source, _size, _room, _inOrder) = (call, source, size, room, inOrder);

        // The scope holds the tasks only; the code that enumerates never runs inside it.
        _group = new TaskGroup(Flow.Current.OpenScope(), s_options, OnEnded);
        _feeder = _group.Start(FeedAsync(), "MapAsync input");
        _registration = token.UnsafeRegister(
            static state => ((TaskGroup)state!).Loop.Submit(
                static group => group.Scope.CancelCore("the enumeration's token was cancelled"), (TaskGroup)state!),
            _group);
    }

    public TResult Current => _chunk.Results[_position];

    public ValueTask<bool> MoveNextAsync()
    {
        LoopTask.CurrentOrThrow().ThrowIfCanceled();
        if (_position + 1 == _chunk.Results.Length)
        {
            return NextChunkAsync().AsValueTask();
        }

        _position++;
        return new(true);
    }

    public ValueTask DisposeAsync() => CloseAsync().AsValueTask();

    private async Coroutine<bool> NextChunkAsync()
    {
        // It began a turn after it was asked, and what has ended meanwhile is not for a cancelled scope.
        LoopTask.CurrentOrThrow().ThrowIfCanceled();
        while (!_isOver)
        {
            // Until there is a result: what is thrown on the way ends the enumeration.
            _isOver = true;
            if (_chunk.Failure is { } failure)
            {
                (_chunk, _position) = (s_none, -1);
                ExceptionDispatchInfo.Throw(failure);
            }

            if (_holdsRoom)
            {
                _holdsRoom = false;
                _room.Release();
            }

            if (await TakeAsync() is not { } chunk)
            {
                break;
            }

            _holdsRoom = true;
            (_chunk, _position) = (s_none, -1);
            _chunk = await chunk;
            _size.Learn(_chunk.Results.Length, _chunk.Elapsed);
            _isOver = false;
            if (_chunk.Results.Length > 0)
            {
                _position = 0;
                return true;
            }
        }

        return false;
    }

    /// <summary>The next chunk whose task has ended; none when there will be no more.</summary>
    private async Coroutine<LoopTask<ChunkResult<TResult>>?> TakeAsync()
    {
        while (true)
        {
            if (_chunks.TryPeek(out var chunk) && chunk.IsCompleted)
            {
                _outstanding--;
                return _chunks.Dequeue();
            }

            if (_outstanding == 0 && _feeder.IsCompleted)
            {
                // Throws what the input has thrown.
                await _feeder;
                return null;
            }

            await (_change ??= new());
        }
    }

    private async Coroutine FeedAsync()
    {
        try
        {
            while (true)
            {
                await _room.AcquireAsync();
                var items = await _source.TakeAsync(_size.Next(_source.Left));
                if (items.IsEmpty)
                {
                    return;
                }

                _outstanding++;
                var chunk = _group.Start(_call(items), "MapAsync chunk");
                if (_inOrder)
                {
                    _chunks.Enqueue(chunk);
                }
            }
        }
        finally
        {
            await _source.CloseAsync();
        }
    }

    private void OnEnded(LoopTask task)
    {
        if (!_inOrder && task is LoopTask<ChunkResult<TResult>> chunk)
        {
            _chunks.Enqueue(chunk);
        }

        if (_change is { } change)
        {
            _change = null;
            change.TrySetResult(default);
        }
    }

    private async Coroutine CloseAsync()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        _room.Dispose();
        _registration.Unregister();
        _group.Scope.CancelCore("the enumeration was left");
        await _group.JoinAsync();
        _group.Scope.Exit();
        _group.ReportUnobserved();
        ReportUntaken();
    }

    /// <summary>Failures whose places the enumeration did not get to: after the results of their chunks, and after the items before them.</summary>
    private void ReportUntaken()
    {
        var chunks = _chunks.Where(chunk => chunk.IsCompletedSuccessfully).Select(chunk => chunk.Result.Failure);
        foreach (var failure in chunks.Prepend(_chunk.Failure).Append(_source.PendingFailure).OfType<Exception>())
        {
            _group.Loop.Report(ExecutorReports.NotReached(failure));
        }
    }
}
