namespace Heddle;

/// <summary>One of the waits of a selection, and what is made of it. Made by <see cref="Select.Case{T, TResult}(Coroutine{T}, Func{T, TResult})"/>; for one selection.</summary>
public abstract class SelectCase<TResult>
{
    private protected SelectCase(Coroutine wait)
    {
        if (!wait.CanBeSelected)
        {
            var description = wait.ToString();
            wait.Discard();
            throw new ArgumentException(
                $"The {description} is no wait that a selection can take back, so it cannot be one of several of which only one is to happen. "
                + "A coroutine with a body may have done half of its work when another is served. Start it as a task and select that, or use Coroutine.Race, "
                + "where what a loser has got is disposed of.",
                nameof(wait));
        }

        Wait = wait;
    }

    internal Coroutine Wait { get; }

    /// <summary>What the case makes of its wait, which has ended; or throws what that failed with.</summary>
    internal TResult Finish(Frame wait)
    {
        if (!wait.HasSucceeded)
        {
            wait.ThrowFailure();
        }

        return Use(wait);
    }

    /// <summary>Another was taken.</summary>
    internal virtual void Drop(Frame wait) => wait.Recycle();

    /// <summary>What the case makes of its wait, which has succeeded.</summary>
    private protected abstract TResult Use(Frame wait);
}

/// <summary>A case that has no use for the result of its wait, if that has any.</summary>
internal sealed class PlainCase<TResult>(Coroutine wait, Func<TResult> then) : SelectCase<TResult>(wait)
{
    private protected override TResult Use(Frame wait)
    {
        wait.Recycle();
        return then();
    }
}

/// <summary>A case whose wait has a result.</summary>
internal sealed class SelectCase<T, TResult>(Coroutine wait, Func<T, TResult> then) : SelectCase<TResult>(wait)
{
    internal override void Drop(Frame wait)
    {
        if (wait.HasSucceeded)
        {
            // The abort handler of a wait by hand has refused, and it has got something all the same.
            (((Frame<T>)wait).Value as IDisposable)?.Dispose();
        }

        base.Drop(wait);
    }

    private protected override TResult Use(Frame wait)
    {
        var value = ((Frame<T>)wait).Value;
        wait.Recycle();
        return then(value);
    }
}
