using Heddle.LowLevel;

namespace Heddle.Testing;

/// <summary>A call that a simulated worker does. All of it happens on the loop's thread.</summary>
/// <param name="caller">The task that waits for it.</param>
internal abstract class SimulatedCall(LoopTask caller)
{
    private readonly ExecutionContext? _context = ExecutionContext.Capture();
    private readonly SimulatedHost? _host = SimulatedHost.Current;

    /// <summary>Where it stands among those that wait for a worker.</summary>
    internal LinkedListNode<SimulatedCall>? Place { get; set; }

    /// <summary>Its worker was killed, or has stopped: the function does nothing more.</summary>
    internal bool IsStopped { get; set; }

    /// <summary>Nobody waits for the function, which goes on all the same: told what it has failed with.</summary>
    internal Action<Exception?>? EndAbandoned { get; set; }

    /// <summary>Calls the function, unless it was stopped or its machine has failed.</summary>
    internal void Run()
    {
        var hasCrashed = _host is { IsUp: false } || (caller.IsCompleted && EndAbandoned is null);
        if (IsStopped || hasCrashed)
        {
            return;
        }

        if (_context is null)
        {
            Invoke();
        }
        else
        {
            ExecutionContext.Run(_context, static call => ((SimulatedCall)call!).Invoke(), this);
        }
    }

    /// <summary>Lets who waits know how it ended.</summary>
    internal abstract void Answer();

    /// <summary>Ends the call, which no answer will end any more.</summary>
    internal abstract void Fail(Exception failure);

    private protected abstract void Invoke();
}

/// <inheritdoc cref="SimulatedCall"/>
internal sealed class SimulatedCall<TResult>(ThreadWork<TResult> work, LoopTask caller) : SimulatedCall(caller)
{
    private TResult? _result;
    private Exception? _failure;

    internal CoroutineSource<TResult> End { get; } = new();

    internal override void Answer()
    {
        if (EndAbandoned is { } end)
        {
            end(_failure);
        }
        else if (_failure is { } failure)
        {
            End.TrySetException(failure);
        }
        else
        {
            End.TrySetResult(_result!);
        }
    }

    internal override void Fail(Exception failure) => End.TrySetException(failure);

    private protected override void Invoke()
    {
        try
        {
            _result = work.Invoke();
        }
        catch (Exception thrown)
        {
            _failure = thrown;
        }
    }
}
