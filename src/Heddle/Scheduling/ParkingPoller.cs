using Heddle.LowLevel;

namespace Heddle;

/// <summary>Waits without any I/O of its own: what foreign code completes wakes it.</summary>
internal sealed class ParkingPoller : IPoller
{
    private readonly AutoResetEvent _wake = new(false);

    public void Wait(TimeSpan timeout)
    {
        if (timeout == Timeout.InfiniteTimeSpan)
        {
            _wake.WaitOne();
            return;
        }

        // Whole milliseconds, rounded up; the loop asks again if that was too short.
        _wake.WaitOne((int)Math.Min(Math.Ceiling(timeout.TotalMilliseconds), int.MaxValue));
    }

    public void Wake() => _wake.Set();

    public void Dispose() => _wake.Dispose();
}
