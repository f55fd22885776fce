namespace Heddle;

/// <summary>A context that was entered and is to be left, once: <see cref="ContextManager{T}.Enter"/>.</summary>
/// <remarks>Prefer <see cref="ContextManager{T}.Run(Action{T})"/>, which cannot forget to leave.</remarks>
public sealed class EnteredContext<T>
{
    private readonly Generator<T> _generator;

    private EnteredContext(Generator<T> generator, T value)
    {
        _generator = generator;
        Value = value;
    }

    /// <summary>What the body yielded.</summary>
    public T Value { get; }

    /// <summary>The code inside ended well: runs the second half of the body.</summary>
    /// <exception cref="InvalidOperationException">The body yielded once more, or the context was left before.</exception>
    public void Exit()
    {
        ThrowIfLeft();
        if (_generator.TryNext(out _))
        {
            throw CloseAfterSecondYield();
        }
    }

    /// <summary>The code inside threw: the yield of the body throws that.</summary>
    /// <returns>True if the body swallowed the exception; false if it is to be thrown on. If the body throws another, that comes out.</returns>
    /// <exception cref="InvalidOperationException">The body yielded once more, or the context was left before.</exception>
    public bool Exit(Exception failure)
    {
        ArgumentNullException.ThrowIfNull(failure);
        ThrowIfLeft();
        try
        {
            if (!_generator.TryThrow(failure, out _))
            {
                return true;
            }
        }
        catch (Exception thrown) when (ContextErrors.IsSame(thrown, failure))
        {
            return false;
        }

        throw CloseAfterSecondYield();
    }

    internal static EnteredContext<T> Enter(Func<GeneratorHandle<T, Nothing>, Coroutine> body)
    {
        var generator = new Generator<T>(body);
        return generator.TryNext(out var value) ? new(generator, value) : throw ContextErrors.DidNotYield();
    }

    private void ThrowIfLeft()
    {
        if (_generator.State == GeneratorState.Closed)
        {
            throw ContextErrors.LeftBefore();
        }
    }

    private InvalidOperationException CloseAfterSecondYield()
    {
        _generator.Close();
        return ContextErrors.DidNotStop();
    }
}
