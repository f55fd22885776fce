namespace Heddle.Benchmarks.Sides.OnTask;

/// <summary>Where the Task rows run.</summary>
interface ITaskHost
{
    /// <summary>Runs the body to its end and blocks meanwhile.</summary>
    T Run<T>(Func<Task<T>> body);

    /// <summary>Queues the body as a task of its own.</summary>
    Task<T> Spawn<T>(Func<Task<T>> body);
}
