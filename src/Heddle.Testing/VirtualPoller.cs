using System.Diagnostics;
using System.Net;
using Heddle.LowLevel;

namespace Heddle.Testing;

/// <summary>Where a real loop would wait, moves the clock. Its sockets are real ones, whose I/O takes real time.</summary>
/// <remarks>
/// Before it moves the clock it asks whether anybody but the loop can end a wait: threads of the program, queued work, real timers, I/O. If
/// nobody can, it moves it at once. Of threads that were there before the program, and of those that were started without a context, it
/// knows nothing: a foreign wait for which there is no timer of the loop's has one grace.
/// </remarks>
internal sealed class VirtualPoller(EventLoop loop, VirtualClock clock, OtherThreads others, VirtualTimeOptions options) : INetworkPoller
{
    /// <summary>While threads are at work, the grace is given anew for so long, beginning when the pool has come to all that it was given.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan s_slice = TimeSpan.FromMilliseconds(20);

    /// <summary>So long, at most, is waited for a pool that is behind; and without a timer to jump to, for threads and real timers that never call back.</summary>
    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(10);

    /// <summary>And so long timers of which it is not known whether they are the program's: those of others may have ended since the start.</summary>
    private static readonly TimeSpan s_doubt = TimeSpan.FromSeconds(1);

    private readonly INetworkPoller _real = (options.Network ?? Pollers.Default)(loop);
    private readonly PoolWatch _pool = new();
    private int _isWoken;

    /// <summary>What the program's threads had done by the end of the last grace in which nothing happened.</summary>
    private int _quietAt;

    /// <summary>So many real timers are set by others, or in vain.</summary>
    private long _otherTimers = Timer.ActiveCount;

    private readonly long _timersAtStart = Timer.ActiveCount;

    /// <summary>So many threads are at work for good, as far as is known.</summary>
    private int _givenUpOn;

    public int PendingOperations => _real.PendingOperations;

    public IDescriptorPoller? Descriptors => _real.Descriptors;

    public bool IsSimulated => _real.IsSimulated;

    public void Wait(TimeSpan timeout)
    {
        // Something may have come in just before: it goes first.
        if (Interlocked.Exchange(ref _isWoken, 0) == 1)
        {
            return;
        }

        if (timeout == TimeSpan.Zero)
        {
            _real.Wait(timeout);
        }
        else if (loop.NextTimer is { } due)
        {
            if (!SomethingHappenedWithinGraces())
            {
                clock.MoveTo(due);
            }
        }
        else
        {
            WaitWithoutTimer();
        }
    }

    public void Wake()
    {
        Volatile.Write(ref _isWoken, 1);
        _real.Wake();
    }

    public void Dispose() => _real.Dispose();

    public IoResult<StreamTransport> Connect(
        EndPoint remote, SocketSettings options, IIoCompletion<StreamTransport> completion, out IConnectAttempt? attempt)
        => _real.Connect(remote, options, completion, out attempt);

    public ListenTransport Listen(EndPoint local, ListenSettings options) => _real.Listen(local, options);

    public ListenTransport? ListenOn(int descriptor, ListenSettings options) => _real.ListenOn(descriptor, options);

    public Coroutine<IReadOnlyList<IPAddress>>? Resolve(string host) => _real.Resolve(host);

    public DatagramTransport OpenDatagram(EndPoint local, SocketSettings options) => _real.OpenDatagram(local, options);

    private bool HasRealOperations => !_real.IsSimulated && _real.PendingOperations > 0;

    private bool IsPoolBehind => loop.ForeignWaits > 0 && ThreadPool.PendingWorkItemCount > 0;

    /// <summary>Whether threads of the program are at work, or are about to be, that have not been waited for in vain.</summary>
    private bool IsWorkUnderWay
    {
        get
        {
            var running = others.Running;
            _givenUpOn = Math.Min(_givenUpOn, running);
            return running > _givenUpOn || IsPoolBehind;
        }
    }

    /// <summary>Asked in the order in which work goes: it is queued, a thread of the pool has it, it runs, it has ended.</summary>
    private bool MaySomethingCome
        => IsPoolBehind
            || (loop.ForeignWaits > 0 && !_pool.IsQuiet)
            || IsWorkUnderWay
            || HasRealOperations
            || others.Changes != _quietAt
            || loop.WaitsForOthers > 0
            || (loop.ForeignWaits > 0 && HasRealTimer);

    private bool HasRealTimer
    {
        get
        {
            var set = Timer.ActiveCount;
            _otherTimers = Math.Min(_otherTimers, set);
            return set > _otherTimers;
        }
    }

    /// <summary>What nothing waits for as yet, such as a thread that may call, has a short one.</summary>
    private TimeSpan Grace
        => DependsOnReality || loop.ForeignWaits > 0 || options.IdleGrace == TimeSpan.Zero ? options.IdleGrace : s_slice;

    private bool SomethingHappenedWithinGraces()
    {
        var start = Stopwatch.GetTimestamp();
        var since = start;
        SettlePool(start);
        for (var isFirst = true; MaySomethingCome; isFirst = false)
        {
            if (IsPoolBehind && Stopwatch.GetElapsedTime(start) < s_longest)
            {
                // What others do in the pool is not the program's fault: its own work may not have begun.
                since = Stopwatch.GetTimestamp();
            }

            if (isFirst || (options.IdleGrace > TimeSpan.Zero && IsWorkUnderWay && Stopwatch.GetElapsedTime(since) < s_patience))
            {
                do
                {
                    if (WaitUntilSomethingHappens(Grace))
                    {
                        return true;
                    }
                }
                while (MayThreadBeLate(start));

                _quietAt = others.Changes;
                _otherTimers = Timer.ActiveCount;
                _pool.GiveUp();
                continue;
            }

            if (options.Strict && DependsOnReality)
            {
                throw new ForeignWaitException(Waits.Of(loop));
            }

            _givenUpOn = others.Running;
            break;
        }

        // What had come before the last look, which was the last that the pool could say of it.
        return Interlocked.Exchange(ref _isWoken, 0) == 1;
    }

    private bool MayThreadBeLate(long start)
        => options.IdleGrace > TimeSpan.Zero && loop.ForeignWaits > 0 && Stopwatch.GetElapsedTime(start) < RunnableThreads.Patience && RunnableThreads.Any();

    /// <summary>Most of the time the pool's threads are about to begin what was queued, have just ended it, or work for others for a moment.</summary>
    private void SettlePool(long start)
    {
        for (var spin = default(SpinWait); loop.ForeignWaits > 0 && others.Running == 0 && !IsPoolBehind && !_pool.IsQuiet; spin.SpinOnce())
        {
            if (Volatile.Read(ref _isWoken) == 1 || (options.IdleGrace != Timeout.InfiniteTimeSpan && Stopwatch.GetElapsedTime(start) >= options.IdleGrace))
            {
                return;
            }
        }
    }

    private bool DependsOnReality
        => loop.WaitsForOthers > 0 || HasRealOperations || (loop.ForeignWaits > 0 && others.Running > 0);

    /// <summary>Only others can wake the loop; when there is nobody who could, nothing ever will.</summary>
    private void WaitWithoutTimer()
    {
        if (HasRealOperations || loop.ForeignWaits > 0)
        {
            if (!SomethingHappenedWithinGraces())
            {
                WaitUntilSomethingHappens(Timeout.InfiniteTimeSpan);
            }

            return;
        }

        var start = Stopwatch.GetTimestamp();
        do
        {
            if (WaitUntilSomethingHappens(s_slice))
            {
                return;
            }
        }
        while (Stopwatch.GetElapsedTime(start) < (
            others.Running > 0 || ThreadPool.PendingWorkItemCount > 0 || Timer.ActiveCount > _timersAtStart ? s_longest
            : Timer.ActiveCount > 0 ? s_doubt
            : TimeSpan.Zero));

        throw new DeadlockException(Waits.Of(loop));
    }

    /// <summary>
    /// A real poller waits out its time unless it was woken or has served I/O. It may have served some at the last instant, or this
    /// thread have been late to come back: then it is only the loop that knows.
    /// </summary>
    private bool WaitUntilSomethingHappens(TimeSpan limit)
    {
        var start = Stopwatch.GetTimestamp();
        _real.Wait(limit);
        return Interlocked.Exchange(ref _isWoken, 0) == 1
            || limit == Timeout.InfiniteTimeSpan
            || Stopwatch.GetElapsedTime(start) < limit
            || loop.HasReadyWork;
    }
}
