namespace Heddle;

/// <summary>Says who keeps a loop that was told to end from ending, and on what they wait; again whenever that has changed.</summary>
/// <remarks>In real time only: a clock of one's own says nothing about how long a person has waited.</remarks>
internal sealed class EndWatch(EventLoop loop) : IDisposable
{
    private static readonly TimeSpan s_grace = TimeSpan.FromSeconds(3);

    private Timer? _timer;
    private string _reason = "";
    private string? _lastTold;
    private int _looks;
    private int _isUnanswered;

    /// <summary>It was told to end. Any thread; the first reason stays.</summary>
    internal void Begin(string reason)
    {
        if (!ReferenceEquals(loop.Clock, TimeProvider.System))
        {
            return;
        }

        var timer = new Timer(static watch => ((EndWatch)watch!).Look(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        if (Interlocked.CompareExchange(ref _timer, timer, null) is not null)
        {
            timer.Dispose();
            return;
        }

        _reason = reason;
        timer.Change(s_grace, s_grace);
    }

    public void Dispose() => Volatile.Read(ref _timer)?.Dispose();

    /// <summary>On a thread of the pool.</summary>
    private void Look()
    {
        if (Interlocked.Exchange(ref _isUnanswered, 1) == 0)
        {
            loop.Post(Tell);
        }
        else if (_lastTold is null)
        {
            // What the loop's own handler would say must be said on its thread, which does not come back.
            _lastTold = "";
            StandardError.WriteLine(LoopReports.HeldWhileEnding(loop, _reason).ToString());
        }
    }

    private void Tell()
    {
        Volatile.Write(ref _isUnanswered, 0);
        _looks++;
        var snapshot = loop.Snapshot();
        var state = string.Join('\n', Flatten(snapshot.Tasks).Select(task => $"{task.Id} {string.Join(' ', task.Frames)}"));
        if (snapshot.Count > 0 && state != _lastTold)
        {
            _lastTold = state;
            loop.Report(LoopReports.StillRunning(snapshot, _reason, _looks * s_grace));
        }
    }

    private static IEnumerable<TaskSnapshot> Flatten(IEnumerable<TaskSnapshot> roots)
    {
        var left = new Stack<TaskSnapshot>(roots);
        while (left.TryPop(out var task))
        {
            yield return task;
            foreach (var below in task.Tasks)
            {
                left.Push(below);
            }
        }
    }
}
