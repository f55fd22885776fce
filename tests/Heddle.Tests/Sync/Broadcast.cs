namespace Heddle.Tests.Sync;

/// <summary>One primitive, seen as something that wakes all who wait for it.</summary>
internal abstract class Broadcast
{
    internal static readonly Dictionary<string, Func<Broadcast>> All = new()
    {
        ["AsyncManualResetEvent"] = () => new EventBroadcast(),
        ["AsyncSemaphore, several permits"] = () => new SemaphoreBroadcast(),
        ["AsyncCapacityLimiter, several tokens"] = () => new LimiterBroadcast(),
        ["AsyncReaderWriterLock, reading"] = () => new ReaderBroadcast(),
        ["AsyncCondition, all"] = () => new ConditionBroadcast(),
        ["AsyncQueue, join"] = () => new JoinBroadcast(),
        ["AsyncQueue, shut down under getters"] = () => new GetterBroadcast(),
        ["AsyncQueue, shut down under putters"] = () => new PutterBroadcast(),
    };

    /// <summary>How many are woken at the most.</summary>
    internal const int Most = 3;

    internal abstract int Waiters { get; }

    /// <summary>Waits to be woken.</summary>
    internal abstract Coroutine WaitAsync();

    internal abstract Coroutine WakeAllAsync();

    /// <summary>Fails if anything is lost or left over.</summary>
    /// <param name="woken">How many waits ended without a cancellation.</param>
    internal abstract void AssertWhole(int woken);

    private sealed class EventBroadcast : Broadcast
    {
        private readonly AsyncManualResetEvent _event = new();

        internal override int Waiters => _event.Statistics.Waiters;

        internal override Coroutine WaitAsync() => _event.WaitAsync();

        internal override async Coroutine WakeAllAsync() => _event.Set();

        internal override void AssertWhole(int woken) => Assert.True(_event.TryWait());
    }

    private sealed class SemaphoreBroadcast : Broadcast
    {
        private readonly AsyncSemaphore _semaphore = new(0, Most);

        internal override int Waiters => _semaphore.Statistics.Waiters;

        internal override Coroutine WaitAsync() => _semaphore.AcquireAsync();

        internal override async Coroutine WakeAllAsync() => _semaphore.Release(Most);

        internal override void AssertWhole(int woken) => Assert.Equal(Most - woken, _semaphore.CurrentCount);
    }

    private sealed class LimiterBroadcast : Broadcast
    {
        private readonly AsyncCapacityLimiter _limiter = new(0);

        internal override int Waiters => _limiter.Statistics.Waiters;

        internal override Coroutine WaitAsync() => _limiter.AcquireAsync();

        internal override async Coroutine WakeAllAsync() => _limiter.TotalTokens = Most;

        internal override void AssertWhole(int woken) => Assert.Equal(woken, _limiter.BorrowedTokens);
    }

    /// <summary>A writer leaves; who reads stays in.</summary>
    private sealed class ReaderBroadcast : Broadcast
    {
        private readonly AsyncReaderWriterLock _lock = new();
        private readonly Releaser _writing;

        internal ReaderBroadcast() => Assert.True(_lock.TryWriteLock(out _writing));

        internal override int Waiters => _lock.Statistics.WaitingReaders;

        internal override async Coroutine WaitAsync() => await _lock.ReadLockAsync();

        internal override async Coroutine WakeAllAsync() => _writing.Dispose();

        internal override void AssertWhole(int woken) => Assert.Equal(new() { Readers = woken }, _lock.Statistics);
    }

    private sealed class ConditionBroadcast : Broadcast
    {
        private readonly AsyncCondition _condition = new();
        private int _inside;
        private bool _isOver;

        internal override int Waiters => _condition.Statistics.Waiters + _condition.Lock.Statistics.Waiters;

        internal override async Coroutine WaitAsync()
        {
            using (await _condition.LockAsync())
            {
                try
                {
                    await _condition.WaitUntilAsync(() => _isOver);
                }
                finally
                {
                    // Cancelled or not, it has the lock, alone.
                    Assert.Equal(LoopTask.Current?.Name, _condition.Lock.Statistics.Holder);
                    Assert.Equal(1, ++_inside);
                    await CancelScope.ShieldAsync(async () => await Coroutine.Yield());
                    _inside--;
                }
            }
        }

        internal override async Coroutine WakeAllAsync()
        {
            using (await _condition.LockAsync())
            {
                _isOver = true;
                _condition.NotifyAll();
            }
        }

        internal override void AssertWhole(int woken) => Assert.False(_condition.IsLocked);
    }

    private sealed class JoinBroadcast : Broadcast
    {
        private readonly AsyncQueue<int> _queue = new();
        private int _joining;

        internal JoinBroadcast() => Assert.True(_queue.TryPut(1) && _queue.TryGet(out _));

        internal override int Waiters => _joining;

        internal override async Coroutine WaitAsync()
        {
            _joining++;
            try
            {
                await _queue.JoinAsync();
            }
            finally
            {
                _joining--;
            }
        }

        internal override async Coroutine WakeAllAsync() => _queue.TaskDone();

        internal override void AssertWhole(int woken) => Assert.True(_queue.TryJoin());
    }

    private sealed class GetterBroadcast : Broadcast
    {
        private readonly AsyncQueue<int> _queue = new();

        internal override int Waiters => _queue.Statistics.WaitingGetters;

        internal override Coroutine WaitAsync() => Expect.ThrowsAsync<QueueShutdownException>(async () => await _queue.GetAsync());

        internal override async Coroutine WakeAllAsync() => _queue.Shutdown();

        internal override void AssertWhole(int woken) => Assert.Equal(0, _queue.UnfinishedItems);
    }

    private sealed class PutterBroadcast : Broadcast
    {
        private readonly AsyncQueue<int> _queue = new(1);

        internal PutterBroadcast() => Assert.True(_queue.TryPut(1));

        internal override int Waiters => _queue.Statistics.WaitingPutters;

        internal override Coroutine WaitAsync() => Expect.ThrowsAsync<QueueShutdownException>(() => _queue.PutAsync(2));

        internal override async Coroutine WakeAllAsync() => _queue.Shutdown();

        internal override void AssertWhole(int woken) => Assert.Equal((1, 1), (_queue.Count, _queue.UnfinishedItems));
    }
}
