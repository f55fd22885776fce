using System.Diagnostics;
using System.Diagnostics.Tracing;
using System.Globalization;

namespace Heddle.Testing;

/// <summary>Holds back what simulated code gives to the thread pool, and lets the pool's threads do one piece of it at a time: the one whose turn it is.</summary>
/// <remarks>
/// The runtime tells an <see cref="EventListener"/> of each piece of work that is given to the pool, on the thread that gives it, and of each that is taken, on the thread that is about to do it,
/// which can therefore be kept waiting here. So the pieces are known, with the order in which they were given, whatever else the process does. There is one gate, as the pool
/// is the process's, and one search at a time that uses it; it goes on listening, since to begin takes longer than most searches.
/// </remarks>
internal sealed class PoolGate : EventListener
{
    private const string Source = "System.Diagnostics.Eventing.FrameworkEventSource";
    private const EventKeywords ThreadPoolWork = (EventKeywords)0x2;
    private const string Switch = "System.Diagnostics.Tracing.EventSource.IsSupported";
    private const int WorkGiven = 30;
    private const int WorkTaken = 31;

    /// <summary>Each piece that is held back holds a thread, and the pool is slow to make more of them than it is told to have.</summary>
    private const int FewThreads = 64;
    private const int MostThreads = 1024;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(2);
    private static readonly Lock s_one = new();
    private static PoolGate? s_gate;

    /// <summary>Whether what this thread gives to the pool is the simulated program's.</summary>
    [ThreadStatic]
    private static bool t_isProgram;

    /// <summary>What this thread does.</summary>
    [ThreadStatic]
    private static PoolWork? t_work;

    private readonly object _sync = new();
    private readonly Dictionary<int, Queue<PoolWork>> _expected = [];
    private readonly Queue<PoolWork> _given = [];
    private readonly HashSet<PoolWork> _held = [];
    private readonly PoolWatch _pool = new();
    private int _expectedCount;
    private bool _hasRested;
    private int _threads;
    private bool _isTold;

    private PoolGate()
    {
    }

    /// <summary>How many threads wait here.</summary>
    private int Held
    {
        get
        {
            lock (_sync)
            {
                return _held.Count;
            }
        }
    }

    /// <summary>Whether this thread does work of the program's, in its turn.</summary>
    internal static bool IsInTurn => t_work is not null;

    /// <summary>Calls the search with a gate; with none where the runtime does not tell of the pool's work (<see cref="Switch"/>).</summary>
    internal static T With<T>(Func<PoolGate?, T> search)
    {
        lock (s_one)
        {
            ThreadPool.GetMinThreads(out var threads, out var ports);
            var gate = s_gate ??= new PoolGate();
            gate.Provide(Math.Max(threads, FewThreads));
            try
            {
                return search((gate._isTold = gate._isTold || gate.Hears()) ? gate : null);
            }
            finally
            {
                gate.LetGo();
                ThreadPool.SetMinThreads(threads, ports);
            }
        }
    }

    /// <summary>A thread has begun to run in the program's ambient context, or ceases to.</summary>
    /// <returns>Whether that is in its turn, and so nothing from outside.</returns>
    internal static bool OnContext(bool isEntered)
    {
        if (t_work is not { } work)
        {
            return false;
        }

        if (isEntered)
        {
            work.IsInContext = true;
            if (Task.CurrentId is not null && !work.IsTask)
            {
                // The last to be told of its end is told when all others have been. Without that the end is seen when the thread rests.
                work.IsTask = true;
                AsyncMethods.CurrentTask?.ConfigureAwait(false).GetAwaiter().UnsafeOnCompleted(End);
            }
        }
        else
        {
            work.IsInContext = false;
            if (!work.IsTask)
            {
                // Of a task the completion comes yet, and with it what waits for it.
                End();
            }
        }

        return true;
    }

    /// <summary>From now on what the calling thread gives to the pool is held back, or is no more.</summary>
    internal static void Watch(bool isProgram) => t_isProgram = isProgram;

    /// <summary>What was given since, first what was given first.</summary>
    internal PoolWork? NextGiven()
    {
        lock (_sync)
        {
            return _given.TryDequeue(out var work) ? work : null;
        }
    }

    /// <summary>Has it done, and waits until it is. What it gives to the pool itself is held back in turn.</summary>
    /// <returns>False if it did not end: it blocks its thread, or somebody else has done it.</returns>
    internal bool Do(PoolWork work)
    {
        var start = Stopwatch.GetTimestamp();
        lock (_sync)
        {
            while (!work.IsTaken)
            {
                if (!Monitor.Wait(_sync, s_patience) && !work.IsTaken && RunnableThreads.IsOver(start, s_patience))
                {
                    work.GiveTurn();
                    work.HasEnded = true;
                    return false;
                }
            }

            _held.Remove(work);
        }

        work.GiveTurn();

        for (var spin = default(SpinWait); !work.HasEnded; spin.SpinOnce(sleep1Threshold: 200))
        {
            if (!work.IsInContext && _pool.IsQuietBut(Held))
            {
                break;
            }

            if (RunnableThreads.IsOver(start, s_patience))
            {
                var isOver = !work.IsInContext && !_hasRested;
                if (isOver)
                {
                    // The pool has been at work for others since before the search: they can be told from the program's from now on.
                    _pool.GiveUp(Held);
                }

                work.HasEnded = true;
                return isOver;
            }
        }

        _hasRested = true;
        work.HasEnded = true;
        return true;
    }

    /// <summary>The program has ended: what it left in the pool is done before another run begins.</summary>
    internal void DoAll(IEnumerable<PoolWork> works)
    {
        foreach (var work in works)
        {
            if (!work.HasEnded)
            {
                Do(work);
            }
        }

        while (NextGiven() is { } work)
        {
            Do(work);
        }
    }

    /// <summary>The search is over. Nothing should be left; if something is, it is done as if there were no gate.</summary>
    private void LetGo()
    {
        lock (_sync)
        {
            foreach (var work in _held)
            {
                work.GiveTurn();
            }

            _held.Clear();
            _expected.Clear();
            _given.Clear();
            _expectedCount = 0;
        }
    }

    protected override void OnEventSourceCreated(EventSource eventSource)
    {
        if (eventSource.Name == Source)
        {
            EnableEvents(eventSource, EventLevel.Verbose, ThreadPoolWork);
        }
    }

    protected override void OnEventWritten(EventWrittenEventArgs eventData)
    {
        if (eventData.EventId == WorkGiven)
        {
            if (t_isProgram)
            {
                OnGiven(NumberOf(eventData));
            }
        }
        else if (eventData.EventId == WorkTaken)
        {
            // The last piece of this thread's is done, for certain.
            End();
            if (Volatile.Read(ref _expectedCount) > 0)
            {
                OnTaken(NumberOf(eventData));
            }
        }
    }

    private static void End()
    {
        if (t_work is { } work)
        {
            t_work = null;
            t_isProgram = false;
            work.HasEnded = true;
        }
    }

    /// <summary>The hash code of the object that is the work.</summary>
    private static int NumberOf(EventWrittenEventArgs eventData) => eventData.Payload is [IConvertible number, ..] ? unchecked((int)number.ToInt64(CultureInfo.InvariantCulture)) : 0;

    private void OnGiven(int number)
    {
        var work = new PoolWork();
        lock (_sync)
        {
            if (!_expected.TryGetValue(number, out var works))
            {
                _expected.Add(number, works = []);
            }

            works.Enqueue(work);
            _given.Enqueue(work);
            _expectedCount++;
        }

        if (_expectedCount + Held > _threads && _threads < MostThreads)
        {
            Provide(2 * _threads);
        }
    }

    private void Provide(int threads)
    {
        _threads = threads;
        ThreadPool.GetMinThreads(out _, out var ports);
        ThreadPool.SetMinThreads(threads, ports);
    }

    private void OnTaken(int number)
    {
        PoolWork work;
        lock (_sync)
        {
            if (!_expected.TryGetValue(number, out var works))
            {
                return;
            }

            work = works.Dequeue();
            if (works.Count == 0)
            {
                _expected.Remove(number);
            }

            _expectedCount--;
            _held.Add(work);
            work.IsTaken = true;
            Monitor.PulseAll(_sync);
        }

        work.AwaitTurn();
        t_work = work;
        t_isProgram = true;
    }

    /// <summary>The source is made when the pool is first used. And the pool looks whether anybody listens when a thread begins with work, and not when it is given some.</summary>
    private bool Hears()
    {
        if (AppContext.TryGetSwitch(Switch, out var isSupported) && !isSupported)
        {
            return false;
        }

        for (var start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start) < s_patience;)
        {
            Watch(true);
            ThreadPool.UnsafeQueueUserWorkItem(static _ => { }, null);
            Watch(false);
            if (NextGiven() is { } work)
            {
                Do(work);
                return true;
            }

            Thread.Sleep(1);
        }

        return false;
    }
}

/// <summary>A piece of work that was given to the thread pool.</summary>
internal sealed class PoolWork
{
    private volatile bool _hasEnded;
    private volatile bool _isInContext;
    private bool _hasTurn;

    /// <summary>Whether a thread is about to do it.</summary>
    internal bool IsTaken { get; set; }

    /// <summary>Whether it is a <see cref="Task"/>, and not what comes after an await.</summary>
    internal bool IsTask { get; set; }

    internal bool IsInContext
    {
        get => _isInContext;
        set => _isInContext = value;
    }

    internal bool HasEnded
    {
        get => _hasEnded;
        set => _hasEnded = value;
    }

    internal void GiveTurn()
    {
        lock (this)
        {
            _hasTurn = true;
            Monitor.PulseAll(this);
        }
    }

    internal void AwaitTurn()
    {
        lock (this)
        {
            while (!_hasTurn)
            {
                Monitor.Wait(this);
            }
        }
    }
}
