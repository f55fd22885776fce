namespace Heddle;

/// <content>Starting a task of the loop's own.</content>
public partial class LoopTask
{
    /// <summary>Starts the coroutine as a task of the loop: it is cancelled, and awaited, when the main coroutine ends.</summary>
    /// <remarks>
    /// It has its first step at the loop's next turn. Its failure cancels nobody; if nobody awaits it, it reaches the
    /// loop's handler. A <see cref="TaskGroup"/> binds tasks to a block of code, which is mostly what you want.
    /// </remarks>
    /// <exception cref="InvalidOperationException">No loop runs on this thread, or the main coroutine has ended.</exception>
    public static LoopTask Start(Coroutine coroutine, string? name = null)
    {
        var root = EventLoop.Current.Root;
        var task = new LoopTask(name);
        root.Start(task, coroutine.Take());
        return task;
    }

    /// <inheritdoc cref="Start(Coroutine, string?)"/>
    public static LoopTask<T> Start<T>(Coroutine<T> coroutine, string? name = null)
    {
        var root = EventLoop.Current.Root;
        var task = new LoopTask<T>(name);
        root.Start(task, coroutine.Take());
        return task;
    }

    /// <inheritdoc cref="Start(Coroutine, string?)"/>
    public static LoopTask Start(Func<Coroutine> body, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(body);
        return Start(body(), name);
    }

    /// <inheritdoc cref="Start(Coroutine, string?)"/>
    public static LoopTask<T> Start<T>(Func<Coroutine<T>> body, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(body);
        return Start(body(), name);
    }
}
