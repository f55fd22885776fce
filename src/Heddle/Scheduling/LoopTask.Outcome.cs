namespace Heddle;

/// <content>How it ended, as a value.</content>
public partial class LoopTask
{
    internal void ThrowIfNotSuccess() => ToOutcome().ThrowIfNotSuccess();

    internal Outcome ToOutcome()
    {
        MarkObserved();
        return IsCanceled ? new(new LoopTaskCanceledException(this)) : CapturedFailure is { } failure ? new(failure.Trace) : default;
    }
}
