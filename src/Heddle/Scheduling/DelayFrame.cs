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

    internal override string Describe() => Slot == Idle
        ? "a delay without end"
        : string.Create(CultureInfo.InvariantCulture, $"a delay that ends in {(Due - Runner.Loop.NowTicks) / (double)TimeSpan.TicksPerSecond:0.###} s");

    /// <summary>Until it begins, the field holds the duration.</summary>
    internal override bool? EndsAtOnce(Runner runner) => Due == 0;

    /// <summary>One of no time is over at once: beside others there is no turn to give away.</summary>
    internal override bool BeginsBeside(Runner runner)
    {
        if (Due != 0)
        {
            return base.BeginsBeside(runner);
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
            var loop = Runner.Loop;
            loop.Timers.Schedule(this, Durations.After(loop.NowTicks, duration.Ticks));
        }

        return false;
    }

    protected override bool Abort()
    {
        Runner.Loop.Timers.Cancel(this);
        return true;
    }

    protected internal override void Fire() => Resume();

    protected override void ReturnToPool() => FreeFrames.Of<DelayFrame>().Return(this);
}
