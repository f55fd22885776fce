using System.Runtime.CompilerServices;

namespace Heddle;

/// <summary>A task waits for a step of an exchange.</summary>
internal interface IExchangeWait
{
    /// <summary>The other side was heard of.</summary>
    void BePatientAnew();

    void OnClientDisposed();
}

/// <summary>
/// A task's wait for a step of an exchange: until it has ended, or, when it has to be broken off, until it has ended of that.
/// </summary>
/// <remarks>The step is foreign code, which calls back on whichever thread it ends. Pooled, unless that call is still to come.</remarks>
internal sealed class ExchangeWait<T> : Suspension<T>, IExchangeWait, ILoopItem
{
    /// <summary>How long a step that was aborted may take to end. Only one that ignores its token takes any time at all.</summary>
    private static readonly long s_abortGrace = TimeSpan.FromSeconds(5).Ticks;

    private readonly Action _onStepEnded;
    private readonly PatienceTimer _timer;
    private Exchange _exchange = null!;
    private ConfiguredValueTaskAwaitable<T>.ConfiguredValueTaskAwaiter _step;
    private string _doing = "";
    private Exception? _failure;
    private BrokenOff _brokenOff;
    private bool _isLetGo;

    private ExchangeWait()
    {
        _onStepEnded = OnStepEnded;
        _timer = new PatienceTimer(this);
    }

    private enum BrokenOff : byte
    {
        No,
        ByScope,
        BySilence,
        ByClient,
    }

    internal static ExchangeWait<T> Rent(Exchange exchange, ValueTask<T> step, string doing)
    {
        var wait = FreeFrames.Of<ExchangeWait<T>>().TryRent<ExchangeWait<T>>() ?? new ExchangeWait<T>();
        wait.Status = FrameStatus.Cold;
        wait._exchange = exchange;
        wait._step = step.ConfigureAwait(false).GetAwaiter();
        wait._doing = doing;
        return wait;
    }

    public void BePatientAnew()
    {
        if (_brokenOff == BrokenOff.No)
        {
            BePatient();
        }
    }

    public void OnClientDisposed() => BreakOff(BrokenOff.ByClient, "the HTTP client was disposed of");

    bool ILoopItem.OnlyWakes => true;

    long ILoopItem.Place => ArrivalPlaces.Of(_exchange.FirstPlace, ArrivalKind.End);

    void ILoopItem.Run() => Arrive();

    /// <summary>The loop has ended, so nobody waits any more.</summary>
    void ILoopItem.Drop() => DropResult();

    /// <summary>The step has ended, and the loop has heard of it.</summary>
    private void Arrive()
    {
        if (_isLetGo)
        {
            DropResult();
            return;
        }

        _exchange.Loop.Timers.Cancel(_timer);
        EndWait();
        if (TryTakeResult())
        {
            Resume();
        }
        else
        {
            ResumeWithout();
        }
    }

    internal override string Describe() => $"{HttpFailures.What(_exchange)}: {_doing}";

    /// <summary>The step has begun, so that in a cancelled scope, too, its end has to be awaited.</summary>
    protected override bool ChecksCancellationOnEntry => false;

    protected override Failure OwnFailure => _failure!;

    protected override bool Begin()
    {
        if (_step.IsCompleted)
        {
            if (!TryTakeResult())
            {
                // In a cancelled scope it failed of that: the cancellation had come when the step before had just succeeded.
                if (WaitingTask.Scope.CanceledBy is not null)
                {
                    Status = FrameStatus.Canceled;
                }
                else
                {
                    FailAtOnce();
                }
            }

            return true;
        }

        _exchange.Loop.BeginForeignWait();
        _exchange.Loop.HttpWaits += _exchange.IsOnLoop ? 1 : 0;
        _exchange.BeginWait(this);
        if (WaitingTask.Scope.CanceledBy is not null)
        {
            Abort();
        }
        else if (_exchange.IsClientDisposed)
        {
            OnClientDisposed();
        }
        else
        {
            BePatient();
        }

        _step.UnsafeOnCompleted(_onStepEnded);
        return false;
    }

    /// <summary>Has the step aborted; the wait goes on until it has ended of that.</summary>
    protected override bool Abort()
    {
        if (WaitingTask.IsCompleted)
        {
            // It was dropped, with its machine: nobody is told, the server neither.
            _exchange.Loop.Timers.Cancel(_timer);
            _isLetGo = true;
            EndWait();
            return true;
        }

        BreakOff(BrokenOff.ByScope, "nobody waits for the answer any more");
        return false;
    }

    protected override void ReturnToPool()
    {
        if (_isLetGo)
        {
            // The step will still call.
            return;
        }

        _exchange = null!;
        _step = default;
        _failure = null;
        _brokenOff = BrokenOff.No;
        FreeFrames.Of<ExchangeWait<T>>().Return(this);
    }

    /// <summary>Any thread.</summary>
    private void OnStepEnded()
    {
        if (_exchange.Loop.IsOnThread)
        {
            Arrive();
        }
        else
        {
            _exchange.Loop.SubmitFromOutside(this);
        }
    }

    private void BePatient()
    {
        _exchange.Loop.Timers.Cancel(_timer);
        if (_exchange.Patience != Timeout.InfiniteTimeSpan)
        {
            _exchange.Loop.Timers.Schedule(_timer, Durations.After(_exchange.Loop.NowTicks, _exchange.Patience.Ticks));
        }
    }

    private void BreakOff(BrokenOff by, string reason)
    {
        if (_brokenOff == BrokenOff.No)
        {
            _brokenOff = by;
            _exchange.Loop.Timers.Cancel(_timer);
            _exchange.Loop.Timers.Schedule(_timer, _exchange.Loop.NowTicks + s_abortGrace);

            // Last: the step may end of it at once, and the wait with it.
            _exchange.CutOff(reason);
        }
    }

    private void OnTimer()
    {
        if (_brokenOff == BrokenOff.No)
        {
            BreakOff(BrokenOff.BySilence, "the server was silent");
            return;
        }

        // The step ignores its token, and is left to itself.
        _isLetGo = true;
        EndWait();
        ResumeWithout();
    }

    private void EndWait()
    {
        _exchange.Loop.EndForeignWait();
        _exchange.Loop.HttpWaits -= _exchange.IsOnLoop ? 1 : 0;
        _exchange.EndWait();
    }

    private bool TryTakeResult()
    {
        try
        {
            Value = _step.GetResult();
            return true;
        }
        catch (Exception failure)
        {
            _failure = _brokenOff switch
            {
                BrokenOff.BySilence => HttpFailures.Silence(_exchange, _exchange.Patience, _doing, failure),
                BrokenOff.ByClient => HttpFailures.ClientDisposed(_exchange, failure),
                _ => HttpFailures.Explain(_exchange, failure, _doing),
            };
            return false;
        }
    }

    private void ResumeWithout()
    {
        if (WaitingTask.Scope.CanceledBy is not null)
        {
            ResumeCanceled();
            return;
        }

        _failure ??= _brokenOff == BrokenOff.BySilence
            ? HttpFailures.Silence(_exchange, _exchange.Patience, _doing)
            : HttpFailures.ClientDisposed(_exchange);
        ResumeFailed();
    }

    /// <summary>What comes when nobody waits any more must not be leaked, and its failure is no news.</summary>
    private void DropResult()
    {
        try
        {
            (_step.GetResult() as IDisposable)?.Dispose();
        }
        catch (Exception)
        {
            // Nobody waits for it.
        }
        finally
        {
            _exchange.Loop.AwaitHttp();
        }
    }

    private sealed class PatienceTimer(ExchangeWait<T> wait) : TimerNode
    {
        protected internal override void Fire() => wait.OnTimer();
    }
}
