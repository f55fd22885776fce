namespace Heddle.Tests.Sync;

/// <summary>One primitive, seen as something that hands units to those who wait: a lock, a permit, a signal, an item, room.</summary>
/// <remarks>Each begins with no unit to be had.</remarks>
internal abstract class Handover
{
    internal static readonly Dictionary<string, Func<Handover>> All = new()
    {
        ["AsyncLock"] = () => new LockHandover(),
        ["AsyncSemaphore"] = () => new SemaphoreHandover(),
        ["AsyncSemaphore by releasers"] = () => new SemaphoreLockHandover(),
        ["AsyncCapacityLimiter"] = () => new LimiterHandover(),
        ["AsyncReaderWriterLock, writing"] = () => new WriterHandover(),
        ["AsyncAutoResetEvent"] = () => new SignalHandover(),
        ["AsyncCondition"] = () => new ConditionHandover(),
        ["AsyncQueue, items"] = () => new ItemHandover(new AsyncQueue<int>()),
        ["AsyncLifoQueue, items"] = () => new ItemHandover(new AsyncLifoQueue<int>()),
        ["AsyncPriorityQueue, items"] = () => new ItemHandover(new AsyncPriorityQueue<int>()),
        ["AsyncQueue, items of an await foreach"] = () => new EnumerationHandover(),
        ["AsyncQueue, room"] = () => new RoomHandover(new AsyncQueue<int>(1)),
        ["AsyncLifoQueue, room"] = () => new RoomHandover(new AsyncLifoQueue<int>(1)),
        ["AsyncPriorityQueue, room"] = () => new RoomHandover(new AsyncPriorityQueue<int>(1)),
    };

    internal static TheoryData<string> Names => [.. All.Keys];

    internal abstract int Waiters { get; }

    /// <summary>Waits for a unit.</summary>
    internal abstract Coroutine TakeAsync();

    /// <summary>Takes a unit that is to be had at once.</summary>
    internal abstract bool TryTake();

    /// <summary>Gives a unit back that was taken, or a new one. Does not suspend when nobody is about to run with what it needs.</summary>
    internal abstract Coroutine GiveAsync();

    /// <summary>How many units are to be had; it takes them.</summary>
    internal int TakeAll()
    {
        var units = 0;
        while (TryTake())
        {
            Assert.True(++units < 1000);
        }

        return units;
    }

    private sealed class LockHandover : Handover
    {
        private readonly AsyncLock _lock = new();
        private Releaser _held;

        internal LockHandover() => Assert.True(TryTake());

        internal override int Waiters => _lock.Statistics.Waiters;

        internal override async Coroutine TakeAsync() => _held = await _lock.LockAsync();

        internal override bool TryTake()
        {
            if (!_lock.TryLock(out var releaser))
            {
                return false;
            }

            _held = releaser;
            return true;
        }

        internal override async Coroutine GiveAsync() => _held.Dispose();
    }

    private sealed class SemaphoreHandover : Handover
    {
        private readonly AsyncSemaphore _semaphore = new(0);

        internal override int Waiters => _semaphore.Statistics.Waiters;

        internal override Coroutine TakeAsync() => _semaphore.AcquireAsync();

        internal override bool TryTake() => _semaphore.TryAcquire();

        internal override async Coroutine GiveAsync() => _semaphore.Release();
    }

    private sealed class SemaphoreLockHandover : Handover
    {
        private readonly AsyncSemaphore _semaphore = new(1, 1);
        private Releaser _held;

        internal SemaphoreLockHandover() => Assert.True(TryTake());

        internal override int Waiters => _semaphore.Statistics.Waiters;

        internal override async Coroutine TakeAsync() => _held = await _semaphore.LockAsync();

        internal override bool TryTake()
        {
            if (!_semaphore.TryLock(out var releaser))
            {
                return false;
            }

            _held = releaser;
            return true;
        }

        internal override async Coroutine GiveAsync() => _held.Dispose();
    }

    private sealed class LimiterHandover : Handover
    {
        private readonly AsyncCapacityLimiter _limiter = new(1);
        private Releaser _held;

        internal LimiterHandover() => Assert.True(TryTake());

        internal override int Waiters => _limiter.Statistics.Waiters;

        internal override async Coroutine TakeAsync() => _held = await _limiter.LockAsync();

        internal override bool TryTake()
        {
            // The task that asks may have the one token, which it is told by an exception.
            if (_limiter.IsLocked || !_limiter.TryLock(out var releaser))
            {
                return false;
            }

            _held = releaser;
            return true;
        }

        internal override async Coroutine GiveAsync() => _held.Dispose();
    }

    private sealed class WriterHandover : Handover
    {
        private readonly AsyncReaderWriterLock _lock = new();
        private Releaser _held;

        internal WriterHandover() => Assert.True(TryTake());

        internal override int Waiters => _lock.Statistics.WaitingWriters;

        internal override async Coroutine TakeAsync() => _held = await _lock.WriteLockAsync();

        internal override bool TryTake()
        {
            if (!_lock.TryWriteLock(out var releaser))
            {
                return false;
            }

            _held = releaser;
            return true;
        }

        internal override async Coroutine GiveAsync() => _held.Dispose();
    }

    private sealed class SignalHandover : Handover
    {
        private readonly AsyncAutoResetEvent _event = new();

        internal override int Waiters => _event.Statistics.Waiters;

        internal override Coroutine TakeAsync() => _event.WaitAsync();

        internal override bool TryTake() => _event.TryWait();

        internal override async Coroutine GiveAsync() => _event.Set();
    }

    /// <summary>A counter under a condition; each notification is for one.</summary>
    private sealed class ConditionHandover : Handover
    {
        private readonly AsyncCondition _condition = new();
        private int _units;

        internal override int Waiters => _condition.Statistics.Waiters + _condition.Lock.Statistics.Waiters;

        internal override async Coroutine TakeAsync()
        {
            using (await _condition.LockAsync())
            {
                await _condition.WaitUntilAsync(() => _units > 0);
                _units--;
            }
        }

        internal override bool TryTake()
        {
            if (!_condition.TryLock(out var releaser))
            {
                return false;
            }

            using (releaser)
            {
                var isTaken = _units > 0;
                _units -= isTaken ? 1 : 0;
                return isTaken;
            }
        }

        internal override Coroutine GiveAsync() => CancelScope.ShieldAsync(async () =>
        {
            using (await _condition.LockAsync())
            {
                _units++;
                _condition.Notify();
            }
        });
    }

    private sealed class ItemHandover(AsyncQueue<int> queue) : Handover
    {
        private int _last;

        internal override int Waiters => queue.Statistics.WaitingGetters;

        internal override Coroutine TakeAsync() => queue.GetAsync();

        internal override bool TryTake() => queue.TryGet(out _);

        internal override async Coroutine GiveAsync() => Assert.True(queue.TryPut(++_last));
    }

    private sealed class EnumerationHandover : Handover
    {
        private readonly AsyncQueue<int> _queue = new();

        internal override int Waiters => _queue.Statistics.WaitingGetters;

        internal override async Coroutine TakeAsync()
        {
            await foreach (var _ in _queue)
            {
                return;
            }
        }

        internal override bool TryTake() => _queue.TryGet(out _);

        internal override async Coroutine GiveAsync() => Assert.True(_queue.TryPut(1));
    }

    private sealed class RoomHandover : Handover
    {
        private readonly AsyncQueue<int> _queue;

        internal RoomHandover(AsyncQueue<int> queue)
        {
            _queue = queue;
            Assert.True(TryTake());
        }

        internal override int Waiters => _queue.Statistics.WaitingPutters;

        internal override Coroutine TakeAsync() => _queue.PutAsync(1);

        internal override bool TryTake() => _queue.TryPut(1);

        internal override async Coroutine GiveAsync()
        {
            Assert.True(_queue.TryGet(out _));
            Assert.True(_queue.Count <= 1);
        }
    }
}
