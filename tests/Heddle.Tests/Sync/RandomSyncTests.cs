using Heddle.Testing;

namespace Heddle.Tests.Sync;

/// <summary>Random programs over all primitives, with cancellations and timeouts at random moments; what must hold always does.</summary>
public class RandomSyncTests
{
    [Fact]
    [Trait("rule", "13")]
    public void Whatever_is_cancelled_when_nothing_is_lost_and_nobody_is_inside_who_must_not_be()
    {
        for (var seed = 0; seed < 300; seed++)
        {
            var reports = new List<LoopReport>();
            try
            {
                VirtualTime.Run(new RandomUse(seed).RunAsync, new() { OnReport = reports.Add });
            }
            catch (Exception failure)
            {
                Assert.Fail($"seed {seed}: {failure}");
            }

            Assert.True(reports.Count == 0, $"seed {seed}: {string.Join("; ", reports)}");
        }
    }

    private sealed class RandomUse(int seed)
    {
        private readonly Random _random = new(seed);
        private readonly AsyncLock _lock = new();
        private readonly AsyncSemaphore _semaphore = new(2, 2);
        private readonly AsyncCapacityLimiter _limiter = new(2);
        private readonly AsyncReaderWriterLock _readerWriter = new();
        private readonly AsyncAutoResetEvent _signal = new();
        private readonly AsyncCondition _condition = new();
        private readonly AsyncQueue<int> _queue = (seed % 3) switch
        {
            0 => new AsyncQueue<int>(2),
            1 => new AsyncLifoQueue<int>(2),
            _ => new AsyncPriorityQueue<int>(2),
        };

        private readonly HashSet<int> _put = [];
        private readonly HashSet<int> _got = [];
        private int _inLock;
        private int _inSemaphore;
        private int _inLimiter;
        private int _readers;
        private int _writers;
        private int _signalsSet;
        private int _signalsHad;
        private int _units;
        private int _unitsGiven;
        private int _unitsTaken;
        private int _nextItem;

        internal async Coroutine RunAsync()
        {
            var users = Enumerable.Range(0, 8).Select(i => LoopTask.Start(UserAsync, $"user {i}")).ToArray();
            for (var i = 0; i < 10; i++)
            {
                await Coroutine.Delay(TimeSpan.FromMilliseconds(_random.Next(8)));
                users[_random.Next(users.Length)].Cancel("by chance");
            }

            // The users end for want of time; what they wait for must not hold them.
            foreach (var user in users)
            {
                await LoopTask.WhenAny(user);
                Assert.False(user.IsFaulted, $"{user.Exception}");
            }

            Assert.Equal(default(LockStatistics), _lock.Statistics);
            Assert.Equal(new SemaphoreStatistics { CurrentCount = 2, MaximumCount = 2 }, _semaphore.Statistics);
            Assert.Equal((0, 0), (_limiter.BorrowedTokens, _limiter.Statistics.Waiters));
            Assert.Equal(default(ReaderWriterLockStatistics), _readerWriter.Statistics);
            Assert.Equal(0, _signal.Statistics.Waiters);
            Assert.Equal(_signalsSet, _signalsHad + (_signal.IsSet ? 1 : 0));
            Assert.Equal(default(ConditionStatistics), _condition.Statistics);
            Assert.Equal(_unitsGiven, _unitsTaken + _units);
            Assert.Equal((0, 0), (_queue.Statistics.WaitingGetters, _queue.Statistics.WaitingPutters));
            while (_queue.TryGet(out var item))
            {
                Assert.True(_got.Add(item));
            }

            Assert.Equal(_put.Order(), _got.Order());
            Assert.Equal(_put.Count, _queue.UnfinishedItems);
        }

        private async Coroutine UserAsync()
        {
            for (var i = 0; i < 12; i++)
            {
                await CancelScope.MoveOnAfterAsync(TimeSpan.FromMilliseconds(_random.Next(1, 12)), _ => UseAsync());
            }
        }

        private Coroutine UseAsync() => _random.Next(11) switch
        {
            0 => LockAsync(),
            1 => SemaphoreAsync(),
            2 => LimiterAsync(),
            3 => ReadAsync(),
            4 => WriteAsync(),
            5 => WaitForSignalAsync(),
            6 => SetSignalAsync(),
            7 => TakeUnitAsync(),
            8 => GiveUnitAsync(),
            9 => PutAsync(),
            _ => GetAsync(),
        };

        private async Coroutine InsideAsync()
        {
            if (_random.Next(2) == 0)
            {
                await Coroutine.Delay(TimeSpan.FromMilliseconds(_random.Next(4)));
            }
        }

        private async Coroutine LockAsync()
        {
            using (await _lock.LockAsync())
            {
                Assert.Equal(1, ++_inLock);
                try
                {
                    await InsideAsync();
                }
                finally
                {
                    _inLock--;
                }
            }
        }

        private async Coroutine SemaphoreAsync()
        {
            using (await _semaphore.LockAsync())
            {
                Assert.InRange(++_inSemaphore, 1, 2);
                try
                {
                    await InsideAsync();
                }
                finally
                {
                    _inSemaphore--;
                }
            }
        }

        private async Coroutine LimiterAsync()
        {
            await _limiter.AcquireAsync();
            Assert.InRange(++_inLimiter, 1, 2);
            try
            {
                await InsideAsync();
            }
            finally
            {
                _inLimiter--;
                _limiter.Release();
            }
        }

        private async Coroutine ReadAsync()
        {
            using (await _readerWriter.ReadLockAsync())
            {
                _readers++;
                Assert.Equal(0, _writers);
                try
                {
                    await InsideAsync();
                }
                finally
                {
                    _readers--;
                }
            }
        }

        private async Coroutine WriteAsync()
        {
            using (await _readerWriter.WriteLockAsync())
            {
                Assert.Equal((1, 0), (++_writers, _readers));
                try
                {
                    await InsideAsync();
                }
                finally
                {
                    _writers--;
                }
            }
        }

        private async Coroutine WaitForSignalAsync()
        {
            await _signal.WaitAsync();
            _signalsHad++;
        }

        private async Coroutine SetSignalAsync()
        {
            if (!_signal.IsSet)
            {
                _signalsSet++;
                _signal.Set();
            }

            await InsideAsync();
        }

        private async Coroutine TakeUnitAsync()
        {
            using (await _condition.LockAsync())
            {
                await _condition.WaitUntilAsync(() => _units > 0);
                Assert.StartsWith("user", _condition.Lock.Statistics.Holder);
                _units--;
                _unitsTaken++;
            }
        }

        private async Coroutine GiveUnitAsync()
        {
            using (await _condition.LockAsync())
            {
                await InsideAsync();
                _units++;
                _unitsGiven++;
                _condition.Notify();
            }
        }

        private async Coroutine PutAsync()
        {
            var item = _nextItem++;
            await _queue.PutAsync(item);
            Assert.True(_put.Add(item));
        }

        private async Coroutine GetAsync() => Assert.True(_got.Add(await _queue.GetAsync()));
    }
}
