namespace Heddle;

/// <summary>A pair of enter and exit, written as a generator with one yield between them.</summary>
/// <remarks>
/// The counterpart of <c>contextlib.contextmanager</c>.
/// The body sees how the code inside ended: the yield returns if it ended well, and throws what it threw. So the body can
/// commit or roll back, and may let the exception pass, swallow it or replace it. That is why it is run with a lambda,
/// <see cref="Run(Action{T})"/>: a <c>using</c> statement tells nobody that an exception passes through it.
/// Each run calls the body anew, so one manager serves any number of runs, also inside each other.
/// </remarks>
/// <typeparam name="T">What the code inside is given: what the body yields.</typeparam>
public sealed class ContextManager<T>
{
    private readonly Func<GeneratorHandle<T, Nothing>, Coroutine> _body;

    /// <summary>A manager with that body, which is to yield once. None of it runs yet.</summary>
    public ContextManager(Func<GeneratorHandle<T, Nothing>, Coroutine> body)
    {
        ArgumentNullException.ThrowIfNull(body);
        _body = body;
    }

    /// <summary>Runs the code between the two halves of the body.</summary>
    /// <remarks>What it throws is thrown on, unless the body swallows it.</remarks>
    /// <exception cref="InvalidOperationException">The body did not yield, or yielded more than once.</exception>
    public void Run(Action<T> inside)
    {
        ArgumentNullException.ThrowIfNull(inside);
        TryRun(
            value =>
            {
                inside(value);
                return default(Nothing);
            },
            out _);
    }

    /// <inheritdoc cref="Run(Action{T})"/>
    /// <returns>What the code returned; the default value if the body swallowed an exception of it.</returns>
    public TResult? Run<TResult>(Func<T, TResult> inside)
    {
        ArgumentNullException.ThrowIfNull(inside);
        TryRun(inside, out var result);
        return result;
    }

    /// <summary>Enters by hand, for what cannot be a lambda.</summary>
    /// <returns>What exits. It must be told how the code ended.</returns>
    /// <inheritdoc cref="Run(Action{T})" path="/exception"/>
    public EnteredContext<T> Enter() => EnteredContext<T>.Enter(_body);

    private void TryRun<TResult>(Func<T, TResult> inside, out TResult? result)
    {
        var context = Enter();
        try
        {
            result = inside(context.Value);
        }
        catch (Exception failure)
        {
            if (!context.Exit(failure))
            {
                throw;
            }

            result = default;
            return;
        }

        context.Exit();
    }
}
