#pragma warning disable HED003, HED004 // Who is cancelled in these programs looks at what it is told.
using Heddle.Testing;

namespace Heddle.TestPrograms;

/// <summary>Locks, semaphores, events, barriers and queues: nothing is lost, nobody is passed, whoever is cancelled.</summary>
internal static class LineCures
{
    internal static readonly (string, Func<SimulationWorld, Coroutine>)[] All =
    [
        ("lock", LockAsync), ("semaphore", SemaphoreAsync), ("event", EventAsync), ("condition", ConditionAsync), ("barrier", BarrierAsync),
        ("readers and writers", ReadersAsync), ("queue", QueueAsync), ("comparer", ComparerAsync), ("token of a queue", QueueTokenAsync), ("select", SelectAsync),
        ("starts", StartsAsync),
    ];

    /// <summary>Starts them, cancels some after a while of chance, and sees to it that a failure is one.</summary>
    private static Coroutine TogetherAsync(SimulationWorld world, params Func<Coroutine>[] bodies) => TaskGroup.RunAsync(async group =>
    {
        var tasks = bodies.Select(body => group.Start(() => CancelScope.MoveOnAfterAsync(TimeSpan.FromMilliseconds(world.Random.Next(1, 8)), _ => body()))).ToList();
        foreach (var task in tasks)
        {
            await task;
        }
    });

    private static async Coroutine LockAsync(SimulationWorld world)
    {
        var gate = new AsyncLock();
        var inside = 0;
        await TogetherAsync(world, WorkAsync, WorkAsync, WorkAsync);
        world.Always(!gate.IsLocked, "the lock is free in the end");
        await gate.LockAsync().WithTimeout(TimeSpan.FromSeconds(1));

        async Coroutine WorkAsync()
        {
            for (var i = 0; i < 2; i++)
            {
                using (await gate.LockAsync())
                {
                    world.Always(++inside == 1, "one at a time");
                    try
                    {
                        await Coroutine.Delay(TimeSpan.FromMilliseconds(2));
                    }
                    finally
                    {
                        inside--;
                    }
                }
            }
        }
    }

    private static async Coroutine SemaphoreAsync(SimulationWorld world)
    {
        var permits = new AsyncSemaphore(1);
        await TogetherAsync(world, WorkAsync, WorkAsync, WorkAsync);
        world.Always(permits.CurrentCount == 1, "all permits are back");

        async Coroutine WorkAsync()
        {
            using (await permits.LockAsync())
            {
                await Coroutine.Delay(TimeSpan.FromMilliseconds(2));
            }
        }
    }

    private static async Coroutine EventAsync(SimulationWorld world)
    {
        var bell = new AsyncAutoResetEvent();
        var heard = 0;
        var rung = 0;
        await TogetherAsync(
            world,
            ListenAsync,
            ListenAsync,
            async () =>
            {
                await Coroutine.Delay(TimeSpan.FromMilliseconds(3));
                rung++;
                bell.Set();
            });
        world.Always(heard + (bell.IsSet ? 1 : 0) == rung, "a signal is heard once, or still there");

        async Coroutine ListenAsync()
        {
            await bell.WaitAsync();
            heard++;
        }
    }

    private static async Coroutine ConditionAsync(SimulationWorld world)
    {
        var condition = new AsyncCondition();
        var inside = 0;
        await TogetherAsync(world, WaitAsync, WaitAsync, async () =>
        {
            using (await condition.LockAsync())
            {
                inside++;
                try
                {
                    await Coroutine.Delay(TimeSpan.FromMilliseconds(5));
                    condition.NotifyAll();
                }
                finally
                {
                    inside--;
                }
            }
        });
        world.Always(!condition.IsLocked, "the lock is free in the end");

        async Coroutine WaitAsync()
        {
            using (await condition.LockAsync())
            {
                try
                {
                    await condition.WaitAsync();
                }
                finally
                {
                    world.Always(++inside == 1, "who waited has the lock alone, cancelled or not");
                    inside--;
                }
            }
        }
    }

    private static async Coroutine BarrierAsync(SimulationWorld world)
    {
        var barrier = new AsyncBarrier(2);
        await TaskGroup.RunAsync(async group =>
        {
            await CancelScope.MoveOnAfterAsync(TimeSpan.FromMilliseconds(1), async _ => await barrier.WaitAsync());
            var places = new List<int>();
            var one = group.Start(ComeAsync);
            await Coroutine.Delay(TimeSpan.FromMilliseconds(2));
            world.Always(places.Count == 0, "who has left does not count");
            await ComeAsync();
            await one;
            world.Always(places.Order().SequenceEqual([0, 1]), "each place is dealt once");

            async Coroutine ComeAsync() => places.Add(await barrier.WaitAsync());
        });
    }

    private static async Coroutine ReadersAsync(SimulationWorld world)
    {
        var gate = new AsyncReaderWriterLock();
        var order = new List<string>();
        await TaskGroup.RunAsync(async group =>
        {
            var reading = await gate.ReadLockAsync();
            group.Start(() => CancelScope.MoveOnAfterAsync(TimeSpan.FromMilliseconds(2 * world.Random.Next(1, 3)), _ => EnterAsync("writer", gate.WriteLockAsync())));
            await Coroutine.Delay(TimeSpan.FromMilliseconds(1));
            group.Start(() => EnterAsync("reader", gate.ReadLockAsync()));
            await Coroutine.Delay(TimeSpan.FromMilliseconds(2));
            world.Always(order.Count == 0 || order[0] != "reader" || gate.Statistics.WaitingWriters == 0, "no reader passes a writer");
            var isWaiting = gate.Statistics.WaitingWriters > 0;
            await Coroutine.Delay(TimeSpan.FromMilliseconds(3));
            world.Always(order.Contains("reader") || isWaiting || gate.Statistics.WaitingWriters > 0, "behind a writer that has gone a reader goes in");
            reading.Dispose();
        });

        async Coroutine EnterAsync(string who, Coroutine<Releaser> entry)
        {
            using (await entry)
            {
                order.Add(who);
            }
        }
    }

    private static async Coroutine QueueAsync(SimulationWorld world)
    {
        var queue = new AsyncQueue<int>(capacity: 1);
        var (put, got) = (0, 0);
        await TogetherAsync(world, PutAsync, GetAsync, GetAsync, PutAsync);
        world.Always(put == got + queue.Count, "what was put was got, or is there");
        await TaskGroup.RunAsync(async group =>
        {
            while (queue.UnfinishedItems > queue.Count)
            {
                queue.TaskDone();
            }

            await queue.PutAsync(1).WithTimeout(TimeSpan.FromSeconds(1)).IgnoreTimeout();
            var joining = group.Start(() => queue.JoinAsync());
            await Coroutine.Yield();
            queue.Shutdown(immediate: true);
            await ((Func<Coroutine>)(async () => await joining))().WithTimeout(TimeSpan.FromSeconds(1));
        });

        async Coroutine PutAsync()
        {
            for (var i = 0; i < 2; i++)
            {
                await queue.PutAsync(i);
                put++;
                await Coroutine.Delay(TimeSpan.FromMilliseconds(1));
            }
        }

        async Coroutine GetAsync()
        {
            for (var i = 0; i < 2; i++)
            {
                await queue.GetAsync();
                got++;
                await Coroutine.Delay(TimeSpan.FromMilliseconds(1));
            }
        }
    }

    private static async Coroutine IgnoreTimeout(this Coroutine wait)
    {
        try
        {
            await wait;
        }
        catch (TimeoutException)
        {
            // There is no room, which is as good.
        }
    }

    /// <summary>A comparer that fails: for one of two that wait for room, and at a shutdown.</summary>
    private static async Coroutine ComparerAsync(SimulationWorld world)
    {
        var queue = new AsyncPriorityQueue<int>(capacity: 2, Comparer<int>.Create(static (a, b) => a < 0 || b < 0 ? throw new FormatException("no number") : a.CompareTo(b)));
        await queue.PutAsync(1);
        await queue.PutAsync(2);
        var outcomes = new List<string>();
        await TaskGroup.RunAsync(async group =>
        {
            var puts = new[] { -1, 3 }.Select(item => group.Start(() => PutAsync(item))).ToArray();
            await Coroutine.Delay(TimeSpan.FromMilliseconds(1));
            world.Always(await queue.GetAsync() == 1, "who gets is not told of another's failure");
            await Coroutine.Delay(TimeSpan.FromMilliseconds(1));
            outcomes.Sort(StringComparer.Ordinal);
            world.Always(outcomes.SequenceEqual(["no number", "put"]), "the room goes to the next in line");
            queue.Shutdown(immediate: true);
            world.Always(queue.Count == 0 && queue.UnfinishedItems == 1, "a shutdown drops all");
        });

        var other = new AsyncPriorityQueue<Angry>();
        await other.PutAsync(new());
        await other.PutAsync(new());
        await other.PutAsync(new());
        Angry.IsAngry = true;
        try
        {
            other.Shutdown(immediate: true);
            world.Always(other.Count == 0, "a shutdown compares nothing");
        }
        finally
        {
            Angry.IsAngry = false;
        }

        async Coroutine PutAsync(int item)
        {
            try
            {
                await queue.PutAsync(item);
                outcomes.Add("put");
            }
            catch (FormatException)
            {
                outcomes.Add("no number");
            }
        }
    }

    private sealed class Angry : IComparable<Angry>
    {
        internal static bool IsAngry { get; set; }

        public int CompareTo(Angry? other) => IsAngry ? throw new FormatException("compared") : 0;
    }

    private static async Coroutine QueueTokenAsync(SimulationWorld world)
    {
        var queue = new AsyncQueue<int>();
        using var cancel = new CancellationTokenSource();
        var hasEnded = false;
        await TaskGroup.RunAsync(async group =>
        {
            group.Start(async () =>
            {
                try
                {
                    await foreach (var item in queue.WithCancellation(cancel.Token))
                    {
                        world.Always(!hasEnded, "no item goes to who has gone");
                    }
                }
                catch (OperationCanceledException)
                {
                    hasEnded = true;
                }
            });
            await Coroutine.Delay(TimeSpan.FromMilliseconds(world.Random.Next(2)));
            cancel.Cancel();
            await Coroutine.Delay(TimeSpan.FromMilliseconds(1));
            world.Always(hasEnded, "a token ends the wait for an item");
            queue.TryPut(1);
            queue.Shutdown();
            await Coroutine.Delay(TimeSpan.FromMilliseconds(1));
            world.Always(queue.Count == 1, "the item is still there");
        });
    }

    private static async Coroutine SelectAsync(SimulationWorld world)
    {
        var (one, other) = (new AsyncQueue<int>(), new AsyncQueue<int>());
        var (put, got) = (0, 0);
        await TogetherAsync(world, TakeAsync, TakeAsync, () => PutAsync(one), () => PutAsync(other));
        world.Always(put == got + one.Count + other.Count, "a selection takes one item and loses none");

        async Coroutine PutAsync(AsyncQueue<int> queue)
        {
            for (var i = 0; i < 2; i++)
            {
                await Coroutine.Delay(TimeSpan.FromMilliseconds(1));
                await queue.PutAsync(i);
                put++;
            }
        }

        async Coroutine TakeAsync()
        {
            for (var i = 0; i < 2; i++)
            {
                await Select.OneAsync(Select.Case(one.GetAsync(), _ => { got++; }), Select.Case(other.GetAsync(), _ => { got++; }));
            }
        }
    }

    private static async Coroutine StartsAsync(SimulationWorld world)
    {
        var begun = new List<int>();
        await TaskGroup.RunAsync(async group =>
        {
            for (var i = 0; i < 3; i++)
            {
                group.Start(BeginAsync(i));
            }

            await Coroutine.Yield();
        });

        async Coroutine BeginAsync(int number)
        {
            begun.Add(number);
            world.Always(begun.SequenceEqual(begun.Order()), "what one starts begins in the order of the starts");
            await Coroutine.Yield();
        }
    }
}
