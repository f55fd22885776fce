using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Heddle.LowLevel;

namespace Heddle;

/// <summary>What debug mode notes of a loop's tasks beside them, so that without it a task has no room for it.</summary>
internal sealed class DebugJournal(EventLoop loop)
{
    /// <summary>How long a step may hold the loop before it is reported.</summary>
    private static readonly TimeSpan s_longStep = TimeSpan.FromMilliseconds(100);

    private readonly Dictionary<LoopTask, TimeSpan> _waitingSince = [];
    private readonly ConcurrentQueue<LoopReport> _forgotten = [];
    private readonly ConditionalWeakTable<CancelScope, string> _cancelPlaces = [];
    private readonly ThreadTime _time = new();
    private TimeSpan _stepBegan;
    private string? _stepIn;

    /// <summary>For how long the task has waited; null while it does not.</summary>
    internal TimeSpan? WaitingFor(LoopTask task) => _waitingSince.TryGetValue(task, out var since) ? loop.Now - since : null;

    internal void BeginStep(LoopTask task)
    {
        _waitingSince.Remove(task);
        _stepIn = NearestName(task.Top);
        _stepBegan = _time.OfOwn;
    }

    internal void EndStep(LoopTask task)
    {
        var took = _time.OfOwn - _stepBegan;
        if (task.State == RunnerState.Suspended)
        {
            _waitingSince[task] = loop.Now;
        }

        if (took >= s_longStep)
        {
            loop.Report(LoopReports.LongStep(task, took, _stepIn));
        }
    }

    /// <summary>Foreign code of a task begins, which runs between its steps.</summary>
    internal void BeginForeign() => _stepBegan = _time.OfOwn;

    internal void EndForeign(LoopTask task)
    {
        if (_time.OfOwn - _stepBegan is var took && took >= s_longStep)
        {
            loop.Report(LoopReports.LongStep(task, took, "foreign code of its own"));
        }
    }

    /// <summary>A coroutine was never awaited. Any thread; reported on the loop's.</summary>
    internal void AddForgotten(LoopReport report)
    {
        _forgotten.Enqueue(report);
        if (loop.HasEnded)
        {
            ReportForgotten();
        }
        else
        {
            loop.Submit(ReportForgotten);
        }
    }

    /// <summary>At the end of the run: what was forgotten and not collected yet is collected now.</summary>
    internal void ReportAllForgotten()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        ReportForgotten();
    }

    /// <summary>Somebody asks for a cancellation, on the loop's thread.</summary>
    internal void NoteCancel(CancelScope scope, string? reason)
    {
        if (DebugMode.NotesPlaces && scope.CanBeCanceled && Places.OfCaller() is { } place)
        {
            _cancelPlaces.AddOrUpdate(scope, place);
            loop.Report(LoopReports.CancelRequested(scope, reason, place));
        }
    }

    /// <summary>Where the cancellation of the scope was asked for, if by somebody.</summary>
    internal string? PlaceOfCancel(CancelScope scope) => _cancelPlaces.TryGetValue(scope, out var place) ? place : null;

    private void ReportForgotten()
    {
        while (_forgotten.TryDequeue(out var report))
        {
            loop.Report(report);
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
