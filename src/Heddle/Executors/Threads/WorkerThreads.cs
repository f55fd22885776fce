namespace Heddle;

/// <summary>Threads that take calls in the order of their coming. They are made as they are needed, and end when they have had nothing to do for a while.</summary>
internal sealed class WorkerThreads(string name, int max, TimeSpan idleTime)
{
    private readonly object _gate = new();
    private readonly LinkedList<ThreadCall> _waiting = new();
    private int _count;
    private int _started;

    /// <summary>Threads that run no function: each looks for a call before it waits, so there is one for as many that wait.</summary>
    private int _free;

    private bool _isClosed;

    /// <summary>How many there may be.</summary>
    internal int Max => max;

    /// <summary>Their name.</summary>
    public override string ToString() => name;

    internal (int Threads, int Waiting) Counts
    {
        get
        {
            lock (_gate)
            {
                return (_count, _waiting.Count);
            }
        }
    }

    /// <exception cref="OutOfMemoryException">No thread can be made for it: it will not run.</exception>
    internal void Add(ThreadCall call)
    {
        lock (_gate)
        {
            _waiting.AddLast(call.Place);
            if (_free >= _waiting.Count)
            {
                Monitor.Pulse(_gate);
                return;
            }

            if (_count == max)
            {
                return;
            }

            _count++;
            _started++;
        }

        try
        {
            // Of a background thread: an abandoned function must not keep the program from ending.
            new Thread(Work) { IsBackground = true, Name = $"{name} {_started}" }.UnsafeStart();
        }
        catch
        {
            lock (_gate)
            {
                _count--;
            }

            // Another thread may have taken it meanwhile; then all is well.
            if (TryRemove(call))
            {
                throw;
            }
        }
    }

    /// <returns>False if a thread has taken it already.</returns>
    internal bool TryRemove(ThreadCall call)
    {
        lock (_gate)
        {
            if (call.Place.List is null)
            {
                return false;
            }

            _waiting.Remove(call.Place);
            return true;
        }
    }

    /// <summary>Lets each thread end that has nothing to do.</summary>
    internal void Close()
    {
        lock (_gate)
        {
            _isClosed = true;
            Monitor.PulseAll(_gate);
        }
    }

    private void Work()
    {
        MarkFree();
        while (Take() is { } call)
        {
            call.Run();

            // Before its caller hears of the end: the next call may come at once, and needs no other thread.
            MarkFree();
            call.Deliver();
        }
    }

    private void MarkFree()
    {
        lock (_gate)
        {
            _free++;
        }
    }

    /// <returns>Null if the thread shall end.</returns>
    private ThreadCall? Take()
    {
        lock (_gate)
        {
            while (_waiting.First is null)
            {
                if (_isClosed || (!Monitor.Wait(_gate, idleTime) && _waiting.First is null))
                {
                    _free--;
                    _count--;
                    return null;
                }
            }

            _free--;
            var call = _waiting.First.Value;
            _waiting.RemoveFirst();
            return call;
        }
    }
}
