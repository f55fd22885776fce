namespace Heddle;

/// <summary>A context that was entered and is to be left, once: <see cref="AsyncContextManager{T}.EnterAsync"/>.</summary>
/// <remarks>
/// Prefer <see cref="AsyncContextManager{T}.RunAsync(Func{T, Coroutine})"/>, which cannot forget to leave. One that is not left is closed
/// with the scope that it was entered in, and its body sees a <see cref="GeneratorExitException"/>.
/// </remarks>
public sealed class AsyncEnteredContext<T>
{
    private readonly AsyncGenerator<T> _generator;

    private AsyncEnteredContext(AsyncGenerator<T> generator)
    {
        _generator = generator;
        Value = generator.Current;
    }

    /// <summary>What the body yielded.</summary>
    public T Value { get; }

    /// <summary>The code inside ended well: runs the second half of the body.</summary>
    /// <exception cref="InvalidOperationException">The body yielded once more, or the context was left before.</exception>
    public async Coroutine ExitAsync()
    {
        ThrowIfLeft();
        if (await _generator.LeaveAsync(thrown: null))
        {
            await _generator.CloseAsync();
            throw ContextErrors.DidNotStop();
        }
    }

    /// <summary>The code inside threw: the yield of the body throws that.</summary>
    /// <returns>True if the body swallowed the exception; false if it is to be thrown on. If the body throws another, that comes out.</returns>
    /// <exception cref="InvalidOperationException">The body yielded once more, or the context was left before.</exception>
    public async Coroutine<bool> ExitAsync(Exception failure)
    {
        ArgumentNullException.ThrowIfNull(failure);
        ThrowIfLeft();
        try
        {
            if (!await _generator.LeaveAsync(failure))
            {
                return true;
            }
        }
        catch (Exception thrown) when (ContextErrors.IsSame(thrown, failure))
        {
            return false;
        }

        await _generator.CloseAsync();
        throw ContextErrors.DidNotStop();
    }

    internal static async Coroutine<AsyncEnteredContext<T>> EnterAsync(Func<GeneratorHandle<T, Nothing>, Coroutine> body)
    {
        var generator = new AsyncGenerator<T>(body);
        return await generator.MoveNextAsync() ? new(generator) : throw ContextErrors.DidNotYield();
    }

    private void ThrowIfLeft()
    {
        if (_generator.State == GeneratorState.Closed)
        {
            throw ContextErrors.LeftBefore();
        }
    }
}
