namespace Heddle;

/// <summary>A pair of enter and exit on the event loop, written as a generator with one yield between them.</summary>
/// <remarks>
/// The counterpart of <c>contextlib.asynccontextmanager</c>.
/// The body sees how the code inside ended: the yield returns if it ended well, and throws what it threw, a cancellation too. It
/// may let the exception pass, swallow it or replace it. That is why it is run with a lambda,
/// <see cref="RunAsync(Func{T, Coroutine})"/>: an <c>await using</c> statement tells nobody that an exception passes through it.
/// Each run calls the body anew, so one manager serves any number of runs, also at the same time. The second half runs in a cancelled
/// scope as well, where whatever it awaits throws: clean up under <see cref="CancelScope.ShieldAsync(Func{Coroutine})"/>.
/// </remarks>
/// <typeparam name="T">What the code inside is given: what the body yields.</typeparam>
public sealed class AsyncContextManager<T>
{
    private readonly Func<GeneratorHandle<T, Nothing>, Coroutine> _body;

    /// <summary>A manager with that body, which is to yield once. None of it runs yet.</summary>
    public AsyncContextManager(Func<GeneratorHandle<T, Nothing>, Coroutine> body)
    {
        ArgumentNullException.ThrowIfNull(body);
        _body = body;
    }

    /// <summary>Runs the code between the two halves of the body.</summary>
    /// <remarks>What it throws is thrown on, unless the body swallows it.</remarks>
    /// <exception cref="InvalidOperationException">The body did not yield, or yielded more than once.</exception>
    public async Coroutine RunAsync(Func<T, Coroutine> inside)
    {
        ArgumentNullException.ThrowIfNull(inside);
        var context = await EnterAsync();
        try
        {
            await inside(context.Value);
        }
        catch (Exception failure)
        {
            if (!await context.ExitAsync(failure))
            {
                throw;
            }

            return;
        }

        await context.ExitAsync();
    }

    /// <inheritdoc cref="RunAsync(Func{T, Coroutine})"/>
    /// <returns>What the code returned; the default value if the body swallowed an exception of it.</returns>
    public async Coroutine<TResult?> RunAsync<TResult>(Func<T, Coroutine<TResult>> inside)
    {
        ArgumentNullException.ThrowIfNull(inside);
        TResult? result = default;
        await RunAsync(async Coroutine (value) => result = await inside(value));
        return result;
    }

    /// <summary>Enters by hand, for what cannot be a lambda. Gives what exits, which must be told how the code ended.</summary>
    /// <inheritdoc cref="RunAsync(Func{T, Coroutine})" path="/exception"/>
    /// <exception cref="ScopeCanceledException">The scope is cancelled, before or while the first half of the body runs.</exception>
    public Coroutine<AsyncEnteredContext<T>> EnterAsync() => AsyncEnteredContext<T>.EnterAsync(_body);
}
