using System.Diagnostics;
using Heddle.LowLevel;

namespace Heddle;

/// <summary>What debug mode notes of a loop's tasks beside them, so that without it a task has no room for it.</summary>
internal sealed class DebugJournal(EventLoop loop)
{
    /// <summary>How long a step may hold the loop before it is reported.</summary>
    private static readonly TimeSpan s_longStep = TimeSpan.FromMilliseconds(100);

    private readonly Dictionary<LoopTask, TimeSpan> _waitingSince = [];
    private long _stepBegan;
    private string? _stepIn;

    /// <summary>For how long the task has waited; null while it does not.</summary>
    internal TimeSpan? WaitingFor(LoopTask task) => _waitingSince.TryGetValue(task, out var since) ? loop.Now - since : null;

    internal void BeginStep(LoopTask task)
    {
        _waitingSince.Remove(task);
        _stepIn = NearestName(task.Top);
        _stepBegan = Stopwatch.GetTimestamp();
    }

    internal void EndStep(LoopTask task)
    {
        var took = Stopwatch.GetElapsedTime(_stepBegan);
        if (task.State == RunnerState.Suspended)
        {
            _waitingSince[task] = loop.Now;
        }

        if (took >= s_longStep)
        {
            loop.Report(LoopReports.LongStep(task, took, _stepIn));
        }
    }

    private static string? NearestName(Frame? frame)
    {
        while (frame is not null && frame.Name is null)
        {
            frame = frame.Awaiter;
        }

        return frame?.Name;
    }
}
