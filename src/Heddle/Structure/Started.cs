namespace Heddle;

/// <summary>By this a task says that it has started, and with what: see <see cref="TaskGroup.StartAsync{T}"/>.</summary>
public sealed class Started<T>
{
    internal Started()
    {
    }

    internal CoroutineSource<T> Source { get; } = new();

    internal bool IsSet { get; private set; }

    /// <summary>Lets the starter go on with the value. From now on the task's failure is its group's.</summary>
    /// <exception cref="InvalidOperationException">It was called before.</exception>
    public void Set(T value)
    {
        if (IsSet)
        {
            throw new InvalidOperationException("The task has said before that it started. Call Set once.");
        }

        Source.TrySetResult(value);
        IsSet = true;
    }
}

/// <summary>By this a task says that it has started: see <see cref="TaskGroup.StartAsync(Func{Started, Coroutine}, string?)"/>.</summary>
public sealed class Started
{
    private readonly Started<Nothing> _inner;

    internal Started(Started<Nothing> inner) => _inner = inner;

    /// <summary>Lets the starter go on. From now on the task's failure is its group's.</summary>
    /// <exception cref="InvalidOperationException">It was called before.</exception>
    public void Set() => _inner.Set(default);
}

/// <summary>A task that its starter waits for until it says that it is up.</summary>
internal sealed class StartingTask<T>(string? name, Started<T> started) : LoopTask(name)
{
    internal override bool HandsEndToStarter()
    {
        if (started.IsSet)
        {
            return false;
        }

        MarkObserved();
        started.Source.TrySetException(
            IsFaulted ? Failure!
            : IsCanceled ? new LoopTaskCanceledException(this)
            : new InvalidOperationException(
                $"{Describe()} ended without having said that it started. Call Set on the object that its body receives."));
        return true;
    }
}
