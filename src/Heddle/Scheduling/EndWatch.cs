using System.Diagnostics;
using Heddle.LowLevel;

namespace Heddle;

/// <summary>Says which tasks keep a loop that was told to end from ending, and again whenever other tasks do, or the same in other methods.</summary>
/// <remarks>In real time only: a clock of one's own says nothing about how long a person has waited.</remarks>
internal sealed class EndWatch(EventLoop loop) : IDisposable
{
    private static readonly TimeSpan s_grace = TimeSpan.FromSeconds(3);

    private readonly Stopwatch _sinceTold = new();
    private Timer? _timer;
    private string _reason = "";
    private string? _lastTold;

    /// <summary>When the loop was last asked, by <see cref="_sinceTold"/>; -1 once it has answered.</summary>
    private long _askedAt = -1;
    private bool _hasToldHeld;

    /// <summary>It was told to end. Any thread; the first reason stays.</summary>
    internal void Begin(string reason)
    {
        if (!loop.HasSystemClock)
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
        _sinceTold.Start();
        timer.Change(s_grace, Timeout.InfiniteTimeSpan);
    }

    public void Dispose() => Volatile.Read(ref _timer)?.Dispose();

    /// <summary>On a thread of the pool, and never on two at once: each look sets the timer for the next.</summary>
    private void Look()
    {
        if (loop.HasEnded)
        {
            // A signal that came at the very end has begun this when nobody was left to dispose of it.
            Dispose();
            return;
        }

        var asked = Interlocked.Read(ref _askedAt);
        if (asked < 0)
        {
            Interlocked.Exchange(ref _askedAt, _sinceTold.ElapsedMilliseconds);
            loop.Submit(Tell);
        }
        else if (!_hasToldHeld && _sinceTold.ElapsedMilliseconds - asked > s_grace.TotalMilliseconds / 2)
        {
            // What the loop's own handler would say must be said on its thread, which does not come back.
            _hasToldHeld = true;
            StandardError.WriteLine($"heddle: {LoopReports.HeldWhileEnding(loop, Holder(), _reason)}");
        }

        try
        {
            _timer!.Change(s_grace, Timeout.InfiniteTimeSpan);
        }
        catch (ObjectDisposedException)
        {
            // It has ended meanwhile.
        }
    }

    /// <summary>The task whose step the thread is in, as far as another thread can see.</summary>
    private LoopTask? Holder()
    {
        var runner = loop.OwnThread.Runner;
        while (runner is { IsDrivenByHand: true })
        {
            runner = runner.Outer;
        }

        return runner as LoopTask;
    }

    private void Tell()
    {
        Interlocked.Exchange(ref _askedAt, -1);
        var snapshot = loop.Snapshot();
        var state = string.Join('\n', Flatten(snapshot.Tasks).Select(static task => $"{task.Id} {string.Join(' ', task.Frames)}"));
        if (snapshot.Count > 0 && state != _lastTold)
        {
            _lastTold = state;
            loop.Report(LoopReports.StillRunning(snapshot, _reason, _sinceTold.Elapsed));
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
