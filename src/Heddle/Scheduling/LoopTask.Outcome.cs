namespace Heddle;

/// <content>How it ended, as a value.</content>
public partial class LoopTask
{
    internal void ThrowIfNotSuccess() => ToOutcome().ThrowIfNotSuccess();

    internal Outcome ToOutcome()
    {
        MarkObserved();
        return IsCompletedSuccessfully ? Outcome.Success
            : IsCanceled ? new(new LoopTaskCanceledException(this))
            : new(CapturedFailure!.Trace);
    }
}
