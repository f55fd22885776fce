namespace Heddle.Benchmarks.Sides.OnTask;

/// <summary>.NET as it comes: the thread pool.</summary>
sealed class PoolHost : ITaskHost
{
    public T Run<T>(Func<Task<T>> body) => Task.Run(body).GetAwaiter().GetResult();

    public Task<T> Spawn<T>(Func<Task<T>> body) => Task.Run(body);
}
