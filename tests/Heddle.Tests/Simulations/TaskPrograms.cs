using System.Collections.Concurrent;
using System.Threading.Channels;
using Heddle.Testing;

namespace Heddle.Tests.Simulations;

/// <summary>Ordinary <see cref="Task"/> code, each with the mistake that it is known for, and without.</summary>
internal static class TaskPrograms
{
    /// <summary>Several ask for what is not there yet; the one who asks again after it has waited does not look whether it is there by now.</summary>
    internal sealed class Cache(TimeProvider time, Func<string, Task<string>> load, bool looksAgain)
    {
        private readonly SemaphoreSlim _gate = new(1);
        private readonly Dictionary<string, (string Value, DateTimeOffset Until)> _items = [];

        public async Task<string> GetAsync(string key)
        {
            if (Find(key) is { } found)
            {
                return found;
            }

            // A real timeout, which is never over: it goes by the thread pool.
            await _gate.WaitAsync(TimeSpan.FromMinutes(5));
            try
            {
                return (looksAgain ? Find(key) : null) ?? await LoadAsync(key);
            }
            finally
            {
                _gate.Release();
            }
        }

        private string? Find(string key) => _items.TryGetValue(key, out var item) && item.Until > time.GetUtcNow() ? item.Value : null;

        private async Task<string> LoadAsync(string key)
        {
            for (var attempt = 1; ; attempt++)
            {
                try
                {
                    var value = await load(key);
                    _items[key] = (value, time.GetUtcNow().AddMinutes(1));
                    return value;
                }
                catch (IOException) when (attempt < 3)
                {
                    await Task.Delay(TimeSpan.FromSeconds(attempt), time);
                }
            }
        }
    }

    internal static Func<SimulationWorld, Task> CacheProgram(bool isRight) => async world =>
    {
        var loaded = 0;
        var failures = 1;
        var cache = new Cache(
            world.TimeProvider,
            async key =>
            {
                await Task.Delay(TimeSpan.FromMilliseconds(20), world.TimeProvider);
                if (failures-- > 0)
                {
                    throw new IOException("down");
                }

                loaded++;
                return key.ToUpperInvariant();
            },
            isRight);
        async Task AskLaterAsync()
        {
            await Task.Delay(TimeSpan.FromSeconds(2), world.TimeProvider);
            await cache.GetAsync("a");
        }

        async Task AskInAWhileAsync()
        {
            await Task.Delay(TimeSpan.FromMilliseconds(1_040), world.TimeProvider);
            await Task.Yield();
            await cache.GetAsync("a");
        }

        await Task.WhenAll(cache.GetAsync("a"), AskInAWhileAsync(), AskLaterAsync());
        world.Always(loaded == 1, "it is loaded once");
    };

    /// <summary>What comes in is squared and passed on; with two who do it without a thought for the order it may come out in another.</summary>
    internal static Func<SimulationWorld, Task> Pipeline(bool isRight) => async world =>
    {
        var numbers = Channel.CreateBounded<int>(2);
        var squares = Channel.CreateUnbounded<int>();
        async Task ProduceAsync()
        {
            for (var i = 1; i <= 5; i++)
            {
                await numbers.Writer.WriteAsync(i);
            }

            numbers.Writer.Complete();
        }

        async Task SquareAsync()
        {
            await foreach (var number in numbers.Reader.ReadAllAsync())
            {
                await Task.Yield();
                await squares.Writer.WriteAsync(number * number);
            }
        }

        await Task.WhenAll([ProduceAsync(), SquareAsync(), .. isRight ? Array.Empty<Task>() : [SquareAsync()]]);
        squares.Writer.Complete();
        var all = new List<int>();
        await foreach (var square in squares.Reader.ReadAllAsync())
        {
            all.Add(square);
        }

        world.Always(all.SequenceEqual([1, 4, 9, 16, 25]), "the squares are in order");
    };

    /// <summary>Made when it is first asked for; who asks while it is looked whether that may be, makes it again.</summary>
    internal static Func<SimulationWorld, Task> Lazy(bool isRight) => async world =>
    {
        var made = 0;
        Task<int>? value = null;
        async Task<int> MakeAsync()
        {
            await Task.Yield();
            return ++made;
        }

        async Task<int> GetAsync(TimeSpan after)
        {
            await Task.Delay(after, world.TimeProvider);
            if (value is null)
            {
                if (!isRight)
                {
                    await Task.Yield();
                }

                value = MakeAsync();
            }

            return await value;
        }

        await Task.WhenAll(GetAsync(TimeSpan.FromSeconds(1)), GetAsync(TimeSpan.FromSeconds(1)));
        world.Always(made == 1, "it is made once");
    };

    /// <summary>A lock a key, thrown away when nobody has it any more; or when its first owner has let it go.</summary>
    internal static Func<SimulationWorld, Task> KeyedLock(bool isRight) => async world =>
    {
        var locks = new Dictionary<string, (SemaphoreSlim Gate, int Users)>();
        var inside = 0;
        async Task UseAsync(string key, int pauses)
        {
            for (var i = 0; i < pauses; i++)
            {
                await Task.Yield();
            }

            var users = locks.TryGetValue(key, out var known) ? known.Users : 0;
            var gate = known.Gate ?? new SemaphoreSlim(1);
            locks[key] = (gate, users + 1);
            using (var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1), world.TimeProvider))
            {
                await gate.WaitAsync(patience.Token);
            }

            world.Always(++inside == 1, "one at a time has the key");
            await Task.Yield();
            inside--;
            gate.Release();
            users = locks.TryGetValue(key, out known) ? known.Users - 1 : 0;
            if (users == 0 || !isRight)
            {
                locks.Remove(key);
            }
            else
            {
                locks[key] = (gate, users);
            }
        }

        await Task.WhenAll(UseAsync("a", 0), UseAsync("a", 1), UseAsync("a", 3));
    };

    /// <summary>Library code, which leaves the context at once: it is in the thread pool that its steps get in each other's way.</summary>
    internal static Func<SimulationWorld, Task> OutOfContext(bool isRight) => async world =>
    {
        var balance = 0;
        using var gate = new SemaphoreSlim(1);
        async Task DepositAsync(int amount)
        {
            await Task.Delay(TimeSpan.FromSeconds(1), world.TimeProvider).ConfigureAwait(false);
            await Task.Yield();
            if (isRight)
            {
                await gate.WaitAsync().ConfigureAwait(false);
            }

            var before = balance;
            await Task.Yield();
            balance = before + amount;
            if (isRight)
            {
                gate.Release();
            }
        }

        await Task.WhenAll(DepositAsync(10), DepositAsync(10));
        world.Always(balance == 20, "no deposit is lost");
    };

    internal static IReadOnlyDictionary<string, Func<bool, Func<SimulationWorld, Task>>> All { get; } = new Dictionary<string, Func<bool, Func<SimulationWorld, Task>>>
    {
        ["a cache"] = CacheProgram,
        ["a pipeline of channels"] = Pipeline,
        ["an async lazy"] = Lazy,
        ["a lock a key"] = KeyedLock,
        ["code that leaves its context"] = OutOfContext,
        ["work for the pool"] = static isRight => async world =>
        {
            var sums = new ConcurrentBag<int>();
            var sum = 0;
            async Task AddAsync(int value)
            {
                var before = sum;
                await Task.Yield();
                sum = before + value;
            }

            await Task.WhenAll(Enumerable.Range(1, 3).Select(i => Task.Run(async () =>
            {
                sums.Add(i);
                await (isRight ? Task.CompletedTask : AddAsync(i));
            })));
            await Parallel.ForEachAsync(Enumerable.Range(4, 3), new ParallelOptions { MaxDegreeOfParallelism = 2 }, (i, _) =>
            {
                sums.Add(i);
                return ValueTask.CompletedTask;
            });
            world.Always(isRight ? sums.Sum() == 21 : sum == 6, "the sum is right");
        },
    };
}
