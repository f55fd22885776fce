using System.Diagnostics;

namespace Heddle;

/// <summary>A generator on the event loop: between two yields its body may await anything.</summary>
/// <remarks>
/// <c>new(async co => { …; await co.Yield(link); })</c>. The body runs only while a task asks for a value, in that task, in its
/// scope and in its ambient context. So a timeout around <see cref="NextAsync"/> reaches what the body awaits; the exception ends a
/// generator that does not catch it, and a cancelled scope asks it for nothing. One task at a time may ask.
/// <para>
/// It belongs to the scope that it was made in (outside of a task: to that in which it is first asked), and is closed when that scope
/// is left, also the one of a task that ends. It may not yield inside a scope or a group that its body has entered, since who
/// asked would find itself in there: that is refused. The counterpart of Python's asynchronous generators (PEP 525), which neither
/// return a result nor delegate, as these do. All members are for the loop's thread.
/// </para>
/// </remarks>
/// <typeparam name="TYield">What it yields.</typeparam>
/// <typeparam name="TSend">What is sent to it; <see cref="Nothing"/> if nothing is.</typeparam>
/// <typeparam name="TReturn">What its body returns; <see cref="Nothing"/> if nothing is.</typeparam>
[DebuggerDisplay("{ToString(),nq}")]
public partial class AsyncGenerator<TYield, TSend, TReturn> : IAsyncDisposable
{
    private readonly AsyncGeneratorBody<TYield, TSend, TReturn> _body;

    /// <summary>A generator with that body, none of which runs yet.</summary>
    public AsyncGenerator(Func<GeneratorHandle<TYield, TSend>, Coroutine<TReturn>> body)
        : this((Delegate)body)
    {
    }

    private protected AsyncGenerator(Delegate body)
    {
        ArgumentNullException.ThrowIfNull(body);
        _body = new AsyncGeneratorBody<TYield, TSend, TReturn>(body);
    }

    /// <summary>Where it stands.</summary>
    public GeneratorState State => _body.State;

    /// <summary>What it yielded last.</summary>
    public TYield Current => _body.Yielded;

    /// <summary>What the body returned.</summary>
    /// <exception cref="InvalidOperationException">It has not ended, or ended otherwise.</exception>
    public TReturn Result => _body.HasResult ? _body.Result : throw GeneratorErrors.NoResult(State);

    /// <summary>Runs the body to its next yield, which returns the default value. Gives what it yields.</summary>
    /// <exception cref="StopIterationException">It has ended, before or by this call.</exception>
    /// <exception cref="InvalidOperationException">It is running already.</exception>
    /// <exception cref="ScopeCanceledException">The scope is cancelled: before, and then the body does not notice, or while it runs.</exception>
    public Coroutine<TYield> NextAsync() => CurrentAfterAsync(MoveNextAsync());

    /// <summary>Has the yield at which the body waits return the value, and runs the body to its next yield. Gives what it yields.</summary>
    /// <exception cref="StopIterationException">It has ended, before or by this call.</exception>
    /// <exception cref="InvalidOperationException">It has not started (the default value may be sent), or is running already.</exception>
    /// <exception cref="ScopeCanceledException">The scope is cancelled: before, and then the body does not notice, or while it runs.</exception>
    public Coroutine<TYield> SendAsync(TSend value) => CurrentAfterAsync(MoveNextAsync(value));

    /// <summary>Has the yield at which the body waits throw the exception, and runs the body to its next yield. Gives what it yields.</summary>
    /// <remarks>One that has not started, or has ended, throws it back at once and is closed.</remarks>
    /// <inheritdoc cref="NextAsync" path="/exception"/>
    public Coroutine<TYield> ThrowAsync(Exception exception) => CurrentAfterAsync(ThrowIntoAsync(exception));

    /// <summary>Runs the body to its next yield, which returns the default value; false if it has ended.</summary>
    /// <remarks><see cref="Current"/> is what it yields.</remarks>
    /// <exception cref="InvalidOperationException">It is running already.</exception>
    /// <exception cref="ScopeCanceledException">The scope is cancelled: before, and then the body does not notice, or while it runs.</exception>
    public Coroutine<bool> MoveNextAsync() => new(_body.Advance(AdvanceKind.Send));

    /// <summary>The same, but the yield at which the body waits returns the value.</summary>
    /// <exception cref="InvalidOperationException">It has not started (the default value may be sent), or is running already.</exception>
    /// <exception cref="ScopeCanceledException">The scope is cancelled: before, and then the body does not notice, or while it runs.</exception>
    public Coroutine<bool> MoveNextAsync(TSend value) => new(_body.Advance(AdvanceKind.Send, value));

    /// <summary>Closes it: the yield at which the body waits throws <see cref="GeneratorExitException"/>. Does nothing once it has ended.</summary>
    /// <remarks>
    /// It does so in a cancelled scope as well, where whatever the body then awaits throws: clean up under
    /// <see cref="CancelScope.ShieldAsync(Func{Coroutine})"/> where that has to await. What else the body throws comes out as it is.
    /// </remarks>
    /// <exception cref="InvalidOperationException">The body ignored that and yielded, or it is running.</exception>
    public Coroutine CloseAsync() => new Coroutine<bool>(_body.Advance(AdvanceKind.Close, meetsCancellation: false));

    /// <summary>Closes it, as <see cref="CloseAsync"/> does; that the scope is cancelled is not thrown from here.</summary>
    public Coroutine DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return _body.HasEnded ? default : DisposeQuietlyAsync();
    }

    ValueTask IAsyncDisposable.DisposeAsync() => DisposeAsync().AsValueTask();

    /// <summary>Runs a new generator to its first yield, so that it can be sent something. What that yield gave is <see cref="Current"/>.</summary>
    /// <inheritdoc cref="NextAsync" path="/exception"/>
    public Coroutine PrimeAsync() => NextAsync();

    /// <summary>What it is and where it stands.</summary>
    public override string ToString() => $"asynchronous generator of {CSharpNames.Of(typeof(TYield))} ({State})";

    internal Coroutine<bool> ThrowIntoAsync(Exception exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        return new(_body.Advance(AdvanceKind.Throw, thrown: exception));
    }

    /// <summary>As <see cref="MoveNextAsync()"/> and <see cref="ThrowAsync"/>, but in a cancelled scope as well.</summary>
    internal Coroutine<bool> LeaveAsync(Exception? thrown)
        => new(_body.Advance(thrown is null ? AdvanceKind.Send : AdvanceKind.Throw, thrown: thrown, meetsCancellation: false));

    internal async Coroutine DisposeQuietlyAsync()
    {
        try
        {
            await CloseAsync();
        }
        catch (Exception failure) when (failure is ScopeCanceledException)
        {
            // A disposal never throws a cancellation; the next suspension does.
        }
    }

    private async Coroutine<TYield> CurrentAfterAsync(Coroutine<bool> move)
    {
        var hadEnded = _body.HasEnded;
        if (await move)
        {
            return Current;
        }

        throw StopIterationException.Returning(!hadEnded && _body.HasResult && typeof(TReturn) != typeof(Nothing) ? _body.Result : null);
    }
}
