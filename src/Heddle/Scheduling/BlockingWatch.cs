using System.Diagnostics;

namespace Heddle;

/// <summary>Says who keeps a loop's thread from the loop: a task that blocks, or a callback that does not return.</summary>
/// <remarks>
/// The code of a task is seen by its synchronization context, which the runtime asks to do the waiting. Callbacks have none, as one would
/// send what they await with <c>ConfigureAwait(false)</c> to the thread pool: the loop counts them, and a thread looks whether it goes on counting.
/// </remarks>
internal static class BlockingWatch
{
    private const int StackLines = 12;

    private static readonly Lock s_gate = new();
    private static readonly List<Watched> s_loops = [];
    private static readonly AutoResetEvent s_changed = new(false);

    /// <summary>How long the thread waits until it looks next, in milliseconds. It goes on a while after the last loop: the next one need not wake it.</summary>
    private static int s_pause = Timeout.Infinite;
    private static bool s_isRunning;
    private static bool s_wasIdle;

    /// <summary>In milliseconds, real time; -1 for never.</summary>
    internal static int GraceOf(EventLoop loop)
        => loop.BlockingGrace == Timeout.InfiniteTimeSpan ? Timeout.Infinite : Math.Max(1, Durations.InMilliseconds(loop.BlockingGrace));

    /// <summary>A blocking wait of the task has outlasted the grace. Reports it, with the stack.</summary>
    /// <exception cref="InvalidOperationException">It is one for a <see cref="Task"/>, and the loop's options have that throw.</exception>
    [StackTraceHidden]
    internal static void OnBlocked(LoopTask task)
    {
        var loop = task.Loop;
        var (waitsForTask, stack) = Look();
        var message = LoopReports.Blocks(task, stack);
        loop.Report(message);
        if (waitsForTask && loop.ThrowsIfBlocked)
        {
            throw new InvalidOperationException(message.Message);
        }
    }

    /// <summary>Has the loop's callbacks watched, until it is let go.</summary>
    internal static Watched? Begin(EventLoop loop)
    {
        var grace = GraceOf(loop);
        if (grace == Timeout.Infinite)
        {
            return null;
        }

        var watched = new Watched(loop, grace);
        bool isTooLate;
        lock (s_gate)
        {
            s_loops.Add(watched);
            isTooLate = (uint)watched.Pause < (uint)s_pause;
            if (!s_isRunning)
            {
                s_isRunning = true;
                new Thread(Run) { IsBackground = true, Name = "Heddle watch" }.UnsafeStart();
            }
        }

        if (isTooLate)
        {
            s_changed.Set();
        }

        return watched;
    }

    /// <summary>Whether the wait is one for a task, and the stack from the code on that waits. What is nearest to the wait decides: a contended lock inside is a lock.</summary>
    private static (bool WaitsForTask, string Stack) Look()
    {
        var trace = new StackTrace(fNeedFileInfo: false);
        var waitsForTask = false;
        var isLock = false;
        var first = 0;
        for (; first < trace.FrameCount; first++)
        {
            if (DiagnosticMethodInfo.Create(trace.GetFrame(first)!) is not { } method)
            {
                continue;
            }

            var type = method.DeclaringTypeName ?? "";
            if (type.StartsWith("System.Threading.Tasks.", StringComparison.Ordinal) || type.StartsWith("System.Runtime.CompilerServices.TaskAwaiter", StringComparison.Ordinal)
                || type.StartsWith("System.Runtime.CompilerServices.ValueTaskAwaiter", StringComparison.Ordinal)
                || type.StartsWith("System.Runtime.CompilerServices.ConfiguredTaskAwaitable", StringComparison.Ordinal))
            {
                waitsForTask = true;
            }
            else if (type is "System.Threading.Lock" || (type is "System.Threading.Monitor" && method.Name.Contains("Enter", StringComparison.Ordinal)))
            {
                isLock = true;
            }
            else if (!type.StartsWith("System.", StringComparison.Ordinal) && type is not ("Heddle.LoopTask" or "Heddle.BlockingWatch" or "Heddle.ScopeContext"))
            {
                break;
            }
        }

        var lines = new StackTrace(first, fNeedFileInfo: true).ToString().Split('\n')
            .TakeWhile(static line => !line.Contains(" Heddle.AsyncFrame", StringComparison.Ordinal) && !line.Contains(" Heddle.LowLevel.Runner.", StringComparison.Ordinal));
        return (waitsForTask && !isLock, string.Join('\n', lines.Take(StackLines)).TrimEnd());
    }

    private static void Run()
    {
        while (true)
        {
            lock (s_gate)
            {
                s_pause = s_loops.Count > 0 ? s_loops.Min(static watched => watched.Pause) : s_wasIdle ? Timeout.Infinite : s_pause;
                s_wasIdle = s_loops.Count == 0;
            }

            s_changed.WaitOne(s_pause);
            Watched[] all;
            lock (s_gate)
            {
                all = [.. s_loops];
            }

            foreach (var watched in all)
            {
                watched.Look();
            }
        }
    }

    /// <summary>What was last seen of a loop. The watching thread's, but for the end.</summary>
    internal sealed class Watched(EventLoop loop, int grace) : IDisposable
    {
        private int _count;
        private readonly string? _schedule = loop.OwnThread.Schedule ??= ThreadTime.NameOfSchedule();
        private long _since;
        private TimeSpan _waited;
        private bool _hasTold;

        /// <summary>In milliseconds, between two looks.</summary>
        internal int Pause => Math.Max(1, grace / 4);

        public void Dispose()
        {
            lock (s_gate)
            {
                s_loops.Remove(this);
            }
        }

        internal void Look()
        {
            // Odd while a callback runs. One that makes a task's code run is watched as the task.
            var count = Volatile.Read(ref loop.CallbackCount);
            if (count % 2 == 0 || count != _count)
            {
                _count = count;
                _since = Stopwatch.GetTimestamp();
                _waited = count % 2 == 0 ? default : ThreadTime.WaitedForProcessor(_schedule);
                _hasTold = false;
                return;
            }

            // A callback that has not come to a processor holds nobody up.
            if (!_hasTold && Stopwatch.GetElapsedTime(_since).TotalMilliseconds >= grace
                && Stopwatch.GetElapsedTime(_since) - (ThreadTime.WaitedForProcessor(_schedule) - _waited) is var held && held.TotalMilliseconds >= grace
                && loop.OwnThread.Runner is null)
            {
                _hasTold = true;
                loop.Report(LoopReports.CallbackHolds(loop, held));
            }
        }
    }
}
