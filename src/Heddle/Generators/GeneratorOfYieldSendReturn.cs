using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Heddle.LowLevel;

namespace Heddle;

/// <summary>A coroutine driven by hand: it yields values to who calls it, takes what that one sends, and returns a result.</summary>
/// <remarks>
/// <c>new(async co => { var sent = await co.Yield(1); return 2; })</c>. None of the body runs before the first call, and it
/// runs only while it is called: synchronously, on the caller's thread, with the caller's ambient context. It needs no event
/// loop. It awaits its <c>co</c> and coroutines that do no more than that; anything else throws to the caller and breaks the
/// generator. The counterpart of Python's generators (PEP 342, PEP 380).
/// <para>
/// <see cref="Dispose"/> closes it: the yield at which it waits throws <see cref="GeneratorExitException"/>, so its <c>finally</c>
/// blocks run. There is no finalizer: one that is dropped unfinished and not disposed of is collected like any object,
/// with what it holds, and its <c>finally</c> blocks never run, nor do they at the end of the process. <c>foreach</c> and LINQ
/// dispose of it, also when they are left early.
/// </para>
/// <para>Not thread-safe; any thread may call it, one at a time.</para>
/// </remarks>
/// <typeparam name="TYield">What it yields.</typeparam>
/// <typeparam name="TSend">What is sent to it; <see cref="Nothing"/> if nothing is.</typeparam>
/// <typeparam name="TReturn">What its body returns; <see cref="Nothing"/> if nothing is.</typeparam>
[DebuggerDisplay("{ToString(),nq}")]
public partial class Generator<TYield, TSend, TReturn> : IDisposable
{
    private readonly GeneratorBody<TYield, TSend, TReturn> _body;
    private readonly GeneratorRunner _runner;

    /// <summary>A generator with that body, none of which runs yet.</summary>
    public Generator(Func<GeneratorHandle<TYield, TSend>, Coroutine<TReturn>> body)
        : this((Delegate)body)
    {
    }

    private protected Generator(Delegate body)
    {
        ArgumentNullException.ThrowIfNull(body);
        _body = new GeneratorBody<TYield, TSend, TReturn>(this, body);
        _runner = _body.Runner;
    }

    internal GeneratorBody<TYield, TSend, TReturn> Body => _body;

    /// <summary>Where it stands.</summary>
    public GeneratorState State => _body.State;

    /// <summary>What it yields from now, a generator or a sequence; null while it yields by itself.</summary>
    public object? Delegate => _body.YieldsFrom;

    /// <summary>What the body returned.</summary>
    /// <exception cref="InvalidOperationException">It has not ended, or ended otherwise.</exception>
    public TReturn Result => _body.HasResult ? _body.Result : throw GeneratorErrors.NoResult(State);

    /// <summary>Runs the body to its next yield, which returns the default value.</summary>
    /// <returns>What it yields.</returns>
    /// <exception cref="StopIterationException">It has ended, before or by this call.</exception>
    /// <exception cref="InvalidOperationException">It is running already, or its body awaited what it cannot.</exception>
    public TYield Next()
    {
        var hadEnded = _body.HasEnded;
        return TryNext(out var value) ? value : throw Stop(hadEnded);
    }

    /// <summary>Runs the body to its next yield, which returns the default value; false if it has ended.</summary>
    /// <exception cref="InvalidOperationException">It is running already, or its body awaited what it cannot.</exception>
    public bool TryNext([MaybeNullWhen(false)] out TYield value)
    {
        if (_runner.State != RunnerState.Suspended && !_body.TryMakeReady())
        {
            value = default;
            return false;
        }

        return TryRun(out value);
    }

    /// <summary>Has the yield at which the body waits return the value, and runs the body to its next yield.</summary>
    /// <returns>What it yields.</returns>
    /// <exception cref="StopIterationException">It has ended, before or by this call.</exception>
    /// <exception cref="InvalidOperationException">
    /// It has not started (null may be sent, which is the same as <see cref="Next"/>), is running already, or its body awaited what it cannot.
    /// </exception>
    public TYield Send(TSend value)
    {
        var hadEnded = _body.HasEnded;
        return TrySend(value, out var yielded) ? yielded : throw Stop(hadEnded);
    }

    /// <summary>Has the yield at which the body waits return the value, and runs the body to its next yield; false if it has ended.</summary>
    /// <exception cref="InvalidOperationException">
    /// It has not started (null may be sent, which is the same as <see cref="TryNext"/>), is running already, or its body awaited what it cannot.
    /// </exception>
    public bool TrySend(TSend value, [MaybeNullWhen(false)] out TYield yielded)
    {
        if (_runner.State != RunnerState.Suspended && !TryMakeReadyToTake(value))
        {
            yielded = default;
            return false;
        }

        if (ReferenceEquals(_runner.Active, _body))
        {
            _body.Sent = value;
        }
        else
        {
            PassOn(value);
        }

        return TryRun(out yielded);
    }

    /// <summary>Has the yield at which the body waits throw the exception, and runs the body to its next yield.</summary>
    /// <remarks>One that has not started, or has ended, throws it back at once and is closed.</remarks>
    /// <returns>What it yields, if the body caught the exception and went on.</returns>
    /// <exception cref="StopIterationException">The body caught the exception and ended.</exception>
    /// <exception cref="InvalidOperationException">It is running already, or its body awaited what it cannot.</exception>
    public TYield Throw(Exception exception) => TryThrow(exception, out var value) ? value : throw Stop(hadEnded: false);

    /// <summary>The same; false if the body caught the exception and ended.</summary>
    /// <exception cref="InvalidOperationException">It is running already, or its body awaited what it cannot.</exception>
    public bool TryThrow(Exception exception, [MaybeNullWhen(false)] out TYield value)
    {
        ArgumentNullException.ThrowIfNull(exception);
        if (_runner.State != RunnerState.Suspended)
        {
            if (_body.State == GeneratorState.Created)
            {
                _body.EndUnstarted();
                exception = GeneratorErrors.OutOfBody(exception);
            }

            if (!_body.TryMakeReady())
            {
                Unwinding.ThrownInto(exception, awaiting: null).Throw();
            }
        }

        _body.ThrowInto(exception);
        return TryRun(out value);
    }

    /// <summary>Closes it: the yield at which the body waits throws <see cref="GeneratorExitException"/>. Does nothing once it has ended.</summary>
    /// <remarks>What else the body throws comes out as it is.</remarks>
    /// <exception cref="InvalidOperationException">The body ignored that and yielded, or it is running.</exception>
    public void Close()
    {
        if (_body.Close() is { } failure)
        {
            Unwinding.ThrownInto(failure, awaiting: null).Throw();
        }
    }

    /// <inheritdoc cref="Close"/>
    public void Dispose()
    {
        Close();
        GC.SuppressFinalize(this);
    }

    /// <summary>Runs a new generator to its first yield, so that it can be sent something.</summary>
    /// <returns>The generator itself. What the first yield gave is dropped.</returns>
    /// <exception cref="StopIterationException">It ended without a yield, or had ended before.</exception>
    public virtual Generator<TYield, TSend, TReturn> Prime()
    {
        Next();
        return this;
    }

    /// <summary>What it is and where it stands.</summary>
    public override string ToString() => $"generator of {CSharpNames.Of(typeof(TYield))} ({State})";

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool TryRun([MaybeNullWhen(false)] out TYield value)
    {
        _runner.Run();
        if (_runner.State == RunnerState.Suspended)
        {
            value = Unsafe.As<GeneratorPort<TYield>>(_runner.Active).Yielded;
            return true;
        }

        if (_body.TakeFailure() is { } failure)
        {
            Unwinding.ThrownInto(failure, awaiting: null).Throw();
        }

        value = default;
        return false;
    }

    private bool TryMakeReadyToTake(TSend value)
        => _body.State == GeneratorState.Created && value is not null ? throw GeneratorErrors.SentBeforeStart() : _body.TryMakeReady();

    /// <summary>While it yields from another the value is for that one.</summary>
    private void PassOn(TSend value)
    {
        if (_runner.Active is GeneratorPort<TYield, TSend> port)
        {
            port.Sent = value;
        }
        else if (value is not null)
        {
            _runner.Active.RefuseValue(_runner);
        }
    }

    private StopIterationException Stop(bool hadEnded)
        => StopIterationException.Returning(!hadEnded && _body.HasResult && typeof(TReturn) != typeof(Nothing) ? _body.Result : null);
}
