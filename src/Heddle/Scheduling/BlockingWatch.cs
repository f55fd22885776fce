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
    private static bool s_isRunning;

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
        lock (s_gate)
        {
            s_loops.Add(watched);
            if (!s_isRunning)
            {
                s_isRunning = true;
                new Thread(Run) { IsBackground = true, Name = "Heddle watch" }.UnsafeStart();
            }
        }

        s_changed.Set();
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
            var pause = Timeout.Infinite;
            lock (s_gate)
            {
                foreach (var watched in s_loops)
                {
                    pause = (int)Math.Min((uint)pause, (uint)Math.Max(1, watched.Grace / 4));
                }
            }

            s_changed.WaitOne(pause);
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
        private long _since;
        private bool _hasTold;

        internal int Grace => grace;

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
                _hasTold = false;
                return;
            }

            if (!_hasTold && Stopwatch.GetElapsedTime(_since).TotalMilliseconds >= grace && loop.OwnThread.Runner is null)
            {
                _hasTold = true;
                loop.Report(LoopReports.CallbackHolds(loop, Stopwatch.GetElapsedTime(_since)));
            }
        }
    }
}
