namespace Heddle;

/// <content>Waiting for the first of several tasks.</content>
public partial class LoopTask
{
    /// <summary>Waits until one of the tasks has ended, in whichever way, and returns it. The others run on.</summary>
    /// <remarks>
    /// If several have, it is the first of them in the order given. Nothing stays registered with the others,
    /// so it may be called in a loop. The counterpart of <c>asyncio.wait(FIRST_COMPLETED)</c>.
    /// </remarks>
    /// <exception cref="ArgumentException">There is no task.</exception>
    /// <exception cref="InvalidOperationException">No task runs on this thread, or one given runs on another loop.</exception>
    public static async Coroutine<LoopTask> WhenAny(IEnumerable<LoopTask> tasks)
    {
        LoopTask[] all = [.. tasks];
        if (all.Length == 0)
        {
            throw new ArgumentException("WhenAny needs at least one task: with none it would never end.", nameof(tasks));
        }

        var runner = LoopTask.CurrentOrThrow();
        foreach (var task in all)
        {
            task.VerifyMayBeAwaited(runner.Loop);
        }

        runner.ThrowIfCanceled();
        var first = new CoroutineSource<LoopTask>();
        if (Array.Find(all, static task => task.IsCompleted) is { } ended)
        {
            first.SetResult(ended);
        }

        void OnEnded(LoopTask task) => first.TrySetResult(task);
        foreach (var task in all)
        {
            task.AddCallback(OnEnded);
        }

        try
        {
            return await first;
        }
        finally
        {
            foreach (var task in all)
            {
                task.RemoveCallback(OnEnded);
            }
        }
    }

    /// <inheritdoc cref="WhenAny(IEnumerable{LoopTask})"/>
    public static Coroutine<LoopTask> WhenAny(params LoopTask[] tasks) => WhenAny((IEnumerable<LoopTask>)tasks);

    /// <inheritdoc cref="WhenAny(IEnumerable{LoopTask})"/>
    public static async Coroutine<LoopTask<T>> WhenAny<T>(IEnumerable<LoopTask<T>> tasks)
        => (LoopTask<T>)await WhenAny((IEnumerable<LoopTask>)tasks);

    /// <inheritdoc cref="WhenAny(IEnumerable{LoopTask})"/>
    public static Coroutine<LoopTask<T>> WhenAny<T>(params LoopTask<T>[] tasks) => WhenAny((IEnumerable<LoopTask<T>>)tasks);

    private void AddCallback(Action<LoopTask> callback)
    {
        if (!IsCompleted)
        {
            _callbacksOrFailure = (Action<LoopTask>?)_callbacksOrFailure + callback;
        }
    }

    private void RemoveCallback(Action<LoopTask> callback)
    {
        if (!IsCompleted)
        {
            _callbacksOrFailure = (Action<LoopTask>?)_callbacksOrFailure - callback;
        }
    }
}
