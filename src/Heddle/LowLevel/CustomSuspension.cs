namespace Heddle.LowLevel;

/// <summary>A suspension made of callbacks.</summary>
internal sealed class CustomSuspension<TState, T> : Suspension<T>, IResumable<T>
{
    private TState _state = default!;
    private Action<Resumption<T>, TState> _begin = null!;
    private Func<TState, bool> _abort = null!;
    private string _description = null!;
    private CapturedFailure? _failure;

    internal static CustomSuspension<TState, T> Rent(
        TState state, Action<Resumption<T>, TState> begin, Func<TState, bool> abort, string description)
    {
        var wait = FreeFrames.Of<CustomSuspension<TState, T>>().TryRent<CustomSuspension<TState, T>>() ?? new CustomSuspension<TState, T>();
        wait.Status = FrameStatus.Cold;
        wait._state = state;
        wait._begin = begin;
        wait._abort = abort;
        wait._description = description;
        return wait;
    }

    internal override string Describe() => _description;

    /// <summary>The version tells this wait from a later one of the same object.</summary>
    public bool TryResume(uint version, T value, Exception? failure)
    {
        if (version != Version || Status != FrameStatus.Running)
        {
            return false;
        }

        Value = value;
        _failure = failure is null ? null : new CapturedFailure(failure);
        if (failure is null)
        {
            Resume();
        }
        else
        {
            ResumeFailed();
        }

        return true;
    }

    protected override bool Begin()
    {
        try
        {
            _begin(new Resumption<T>(this, Version, WaitingTask.Loop), _state);
            return false;
        }
        catch (Exception failure)
        {
            // It may have resumed, or cancelled the scope, before it threw: the task is on its way then, and learns what was thrown.
            var isOver = Status != FrameStatus.Running;
            _failure = new CapturedFailure(failure);
            FailAtOnce();
            return !isOver;
        }
    }

    protected override Failure OwnFailure => _failure!;

    protected override bool Abort()
    {
        try
        {
            return _abort(_state);
        }
        catch (Exception failure)
        {
            // One handler must not keep the cancellation from the other tasks of the scope.
            WaitingTask.Loop.Report(LoopReports.CallbackFailed(WaitingTask, failure));
            return true;
        }
    }

    protected override void ReturnToPool()
    {
        _state = default!;
        _begin = null!;
        _abort = null!;
        _description = null!;
        _failure = null;
        FreeFrames.Of<CustomSuspension<TState, T>>().Return(this);
    }
}
