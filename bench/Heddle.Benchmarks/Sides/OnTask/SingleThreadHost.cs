namespace Heddle.Benchmarks.Sides.OnTask;

/// <summary>The like for like: one thread that runs its posted work in order.</summary>
sealed class SingleThreadHost : ITaskHost
{
    TaskScheduler? _scheduler;

    public T Run<T>(Func<Task<T>> body)
    {
        var context = new SingleThreadContext();
        return context.Run(() =>
        {
            _scheduler = TaskScheduler.FromCurrentSynchronizationContext();
            return body();
        });
    }

    public Task<T> Spawn<T>(Func<Task<T>> body) =>
        Task.Factory.StartNew(body, CancellationToken.None, TaskCreationOptions.DenyChildAttach, _scheduler!).Unwrap();
}
