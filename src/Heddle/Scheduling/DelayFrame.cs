using System.Globalization;
using Heddle.LowLevel;

namespace Heddle;

/// <summary>Sleeps.</summary>
internal sealed class DelayFrame : TimerNode
{
    /// <param name="duration">Not negative, or infinite.</param>
    internal static DelayFrame Rent(TimeSpan duration)
    {
        var frame = FreeFrames.Of<DelayFrame>().TryRent<DelayFrame>() ?? new DelayFrame();
        frame.Status = FrameStatus.Cold;

        // Until it begins, the field holds the duration.
        frame.Due = duration.Ticks;
        return frame;
    }

    internal override string Describe()
    {
        if (Slot == Idle)
        {
            return Due == Timeout.InfiniteTimeSpan.Ticks ? "a delay without end" : "a delay that is over";
        }

        var left = (Due - WaitingTask.Loop.NowTicks) / (double)TimeSpan.TicksPerSecond;
        return left > 0 ? string.Create(CultureInfo.InvariantCulture, $"a delay that ends in {left:0.###} s") : "a delay that is over";
    }

    /// <summary>Until it begins, the field holds the duration.</summary>
    internal override bool? WouldComplete(Runner runner) => Due == 0;

    /// <summary>One of no time is over at once: beside others there is no turn to give away.</summary>
    internal override bool BeginBeside(Runner runner)
    {
        if (Due != 0)
        {
            return base.BeginBeside(runner);
        }

        Forgo(runner);
        Status = FrameStatus.Succeeded;
        return true;
    }

    protected override bool Begin()
    {
        var duration = new TimeSpan(Due);
        if (duration == TimeSpan.Zero)
        {
            Resume();
        }
        else if (duration != Timeout.InfiniteTimeSpan)
        {
            var loop = WaitingTask.Loop;
            loop.Timers.Schedule(this, Durations.After(loop.NowTicks, duration.Ticks));
        }

        return false;
    }

    protected override bool Abort()
    {
        WaitingTask.Loop.Timers.Cancel(this);
        return true;
    }

    protected internal override void Fire() => Resume();

    protected override void ReturnToPool() => FreeFrames.Of<DelayFrame>().Return(this);
}
