using Heddle.LowLevel;

namespace Heddle;

/// <summary>A coroutine whose end was known when it was made: it ends at its first step.</summary>
internal sealed class EndedFrame<T> : Frame<T>
{
    private CapturedFailure? _failure;

    internal static EndedFrame<T> Succeeded(T value)
    {
        var frame = Rent();
        frame.Value = value;
        return frame;
    }

    internal static EndedFrame<T> Failed(Exception failure)
    {
        var frame = Rent();
        frame._failure = new CapturedFailure(failure);
        return frame;
    }

    internal override Frame? Step(Runner runner, int depth)
    {
        Status = _failure is null ? FrameStatus.Succeeded : FrameStatus.Failed;
        return runner.Return(this);
    }

    internal override bool CanBeSelected => true;

    internal override bool? WouldComplete(Runner runner) => true;

    internal override bool BeginBeside(Runner runner)
    {
        Status = _failure is null ? FrameStatus.Succeeded : FrameStatus.Failed;
        return true;
    }

    internal override Failure GetFailure() => _failure!;

    internal override void Recycle()
    {
        Value = default!;
        _failure = null;
        FreeFrames.Of<EndedFrame<T>>().Return(this);
    }

    private static EndedFrame<T> Rent()
    {
        var frame = FreeFrames.Of<EndedFrame<T>>().TryRent<EndedFrame<T>>() ?? new EndedFrame<T>();
        frame.Status = FrameStatus.Cold;
        return frame;
    }
}
