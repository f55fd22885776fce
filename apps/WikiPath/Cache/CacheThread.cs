using System.Collections.Concurrent;

namespace WikiPath.Cache;

/// <summary>
/// A thread for calls that block, one after the other, in their order. It never keeps the process alive.
/// </summary>
sealed class CacheThread
{
    readonly BlockingCollection<Action> _work = [];
    readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public CacheThread() => new Thread(Work) { IsBackground = true, Name = "cache" }.Start();

    public Task<T> RunAsync<T>(Func<T> call)
    {
        var result = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        _work.Add(() => result.SetResult(call()));
        return result.Task;
    }

    public void Post(Action call) => _work.Add(call);

    /// <summary>Ends the thread after what was handed over before.</summary>
    public Task CloseAsync()
    {
        _work.CompleteAdding();
        return _ended.Task;
    }

    void Work()
    {
        foreach (var call in _work.GetConsumingEnumerable()) call();
        _ended.SetResult();
    }
}
