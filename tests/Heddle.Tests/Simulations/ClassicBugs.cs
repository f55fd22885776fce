using Heddle.Testing;

namespace Heddle.Tests.Simulations;

/// <summary>The classic mistakes of concurrent programs, each with the program that makes it and its twin that does not. First come, first served shows none.</summary>
internal static class ClassicBugs
{
    internal static readonly IReadOnlyDictionary<string, Func<SimulationWorld, bool, Coroutine>> All = new Dictionary<string, Func<SimulationWorld, bool, Coroutine>>
    {
        ["lost update between awaits"] = LostUpdateAsync,
        ["check-then-act on a lock"] = CheckThenActAsync,
        ["lost wake-up"] = LostWakeUpAsync,
        ["forgotten notification"] = ForgottenNotificationAsync,
        ["reader that never sees the end"] = ReaderWithoutEndAsync,
        ["retry that repeats an effect"] = RepeatedEffectAsync,
        ["timeout racing a result"] = TimeoutAndResultAsync,
        ["double release"] = DoubleReleaseAsync,
        ["ABA on a reused id"] = ReusedIdAsync,
        ["deadlock of two locks"] = TwoLocksAsync,
        ["queue that two close"] = TwoClosersAsync,
        ["split brain of two nodes"] = SplitBrainAsync,
    };

    /// <summary>What the programs do besides, before they start tasks and in these: an edit that has nothing to do with the mistake. Null for nothing.</summary>
    [ThreadStatic]
    internal static Func<Coroutine>? Edit;

    private static Coroutine LostUpdateAsync(SimulationWorld world, bool isFixed)
    {
        var balance = 0;
        var gate = new AsyncLock();
        return RunAsync();

        async Coroutine RunAsync()
        {
            await TogetherAsync(("ann", () => DepositAsync(0)), ("bob", () => DepositAsync(2)));
            world.Always(balance == 20, "no deposit is lost");
        }

        async Coroutine DepositAsync(int steps)
        {
            await StepsAsync(steps);
            if (isFixed)
            {
                using (await gate.LockAsync())
                {
                    await ReadAndWriteAsync();
                }
            }
            else
            {
                await ReadAndWriteAsync();
            }
        }

        async Coroutine ReadAndWriteAsync()
        {
            var read = balance;
            await Coroutine.Yield();
            balance = read + 10;
        }
    }

    private static Coroutine CheckThenActAsync(SimulationWorld world, bool isFixed)
    {
        var isTaken = false;
        var inside = 0;
        return TogetherAsync(("ann", () => WorkAsync(0)), ("bob", () => WorkAsync(3)));

        async Coroutine WorkAsync(int steps)
        {
            await StepsAsync(steps);
            while (isTaken)
            {
                await Coroutine.Delay(Expect.Second);
            }

            if (isFixed)
            {
                isTaken = true;
            }

            await Coroutine.Yield();
            isTaken = true;
            world.Always(++inside == 1, "one is inside");
            await Coroutine.Yield();
            inside--;
            isTaken = false;
        }
    }

    private static Coroutine LostWakeUpAsync(SimulationWorld world, bool isFixed)
    {
        var isReady = false;
        CoroutineSource? waiting = null;
        return TogetherAsync(("consumer", ConsumeAsync), ("producer", ProduceAsync));

        async Coroutine ConsumeAsync()
        {
            if (!isReady)
            {
                if (!isFixed)
                {
                    await Coroutine.Yield();
                }

                waiting = new CoroutineSource();
                await waiting;
            }
        }

        async Coroutine ProduceAsync()
        {
            await StepsAsync(3);
            isReady = true;
            waiting?.SetResult();
        }
    }

    private static Coroutine ForgottenNotificationAsync(SimulationWorld world, bool isFixed)
    {
        var isNotEmpty = new AsyncAutoResetEvent();
        var items = 0;
        return TogetherAsync(("first", TakeAsync), ("second", TakeAsync), ("producer", ProduceAsync));

        async Coroutine TakeAsync()
        {
            while (items == 0)
            {
                await isNotEmpty.WaitAsync();
            }

            items--;
        }

        async Coroutine ProduceAsync()
        {
            await StepsAsync(2);
            Put();
            await StepsAsync(3);
            Put();
        }

        void Put()
        {
            // One is told of the first item, and nobody of the next if the first has not been taken by then.
            if (items++ == 0 || isFixed)
            {
                isNotEmpty.Set();
            }
        }
    }

    private static Coroutine ReaderWithoutEndAsync(SimulationWorld world, bool isFixed)
    {
        var queue = new AsyncQueue<int>();
        var isOver = false;
        return TogetherAsync(("reader", ReadAsync), ("writer", WriteAsync));

        async Coroutine ReadAsync()
        {
            while (isFixed || !isOver)
            {
                if (await queue.GetAsync() < 0)
                {
                    return;
                }

                await StepsAsync(3);
            }
        }

        async Coroutine WriteAsync()
        {
            await queue.PutAsync(1);
            await StepsAsync(2);
            isOver = true;
            if (isFixed)
            {
                await queue.PutAsync(-1);
            }
        }
    }

    private static Coroutine RepeatedEffectAsync(SimulationWorld world, bool isFixed)
    {
        var requests = new AsyncQueue<(int Id, CoroutineSource Reply)>();
        var seen = new HashSet<int>();
        var charged = 0;
        return TogetherAsync(("server", ServeAsync), ("client", PayAsync));

        async Coroutine ServeAsync()
        {
            await foreach (var (id, reply) in requests)
            {
                if (seen.Add(id) || !isFixed)
                {
                    charged++;
                }

                await Coroutine.Yield();
                reply.SetResult();
            }
        }

        async Coroutine PayAsync()
        {
            for (var isPaid = false; !isPaid;)
            {
                var reply = new CoroutineSource();
                await requests.PutAsync((1, reply));
                for (var patience = 4; !isPaid && patience > 0; patience--)
                {
                    await Coroutine.Yield();
                    isPaid = reply.IsCompleted;
                }
            }

            requests.Shutdown();
            world.Always(charged == 1, "it is paid once");
        }
    }

    private static Coroutine TimeoutAndResultAsync(SimulationWorld world, bool isFixed)
    {
        var (isDelivered, isRefunded) = (false, false);
        return RunAsync();

        async Coroutine RunAsync()
        {
            await TogetherAsync(("delivery", DeliverAsync), ("deadline", RefundAsync));
            world.Always(isDelivered != isRefunded, "delivered or refunded");
        }

        async Coroutine DeliverAsync()
        {
            await Coroutine.Delay(Expect.Second);
            if (!isRefunded)
            {
                isDelivered = isFixed;
                await Coroutine.Yield();
                isDelivered = true;
            }
        }

        async Coroutine RefundAsync()
        {
            await Coroutine.Delay(Expect.Second);
            await StepsAsync(2);
            if (!isDelivered)
            {
                isRefunded = isFixed;
                await Coroutine.Yield();
                isRefunded = true;
            }
        }
    }

    private static Coroutine DoubleReleaseAsync(SimulationWorld world, bool isFixed)
    {
        var free = 0;
        var isHeld = true;
        world.Always(() => free <= 1, "no more permits than there are");
        return TogetherAsync(("owner", () => ReleaseAsync(0)), ("watchdog", () => ReleaseAsync(3)));

        async Coroutine ReleaseAsync(int steps)
        {
            await StepsAsync(steps);
            if (isHeld)
            {
                isHeld = !isFixed;
                await Coroutine.Yield();
                isHeld = false;
                free++;
            }
        }
    }

    private static Coroutine ReusedIdAsync(SimulationWorld world, bool isFixed)
    {
        string? owner = "ann";
        var generation = 1;
        return TogetherAsync(("ann", EndAsync), ("reaper", ReapAsync), ("bob", TakeAsync));

        // The slot is still in use, so it is still hers: but what is in use may be the next one's.
        async Coroutine EndAsync()
        {
            await Coroutine.Yield();
            if (owner is not null && (!isFixed || generation == 1))
            {
                world.Always(owner == "ann", "nobody ends the session of another");
                owner = null;
            }
        }

        async Coroutine ReapAsync()
        {
            await StepsAsync(2);
            if (owner == "ann")
            {
                owner = null;
            }
        }

        async Coroutine TakeAsync()
        {
            await StepsAsync(4);
            if (owner is null)
            {
                owner = "bob";
                generation++;
            }
        }
    }

    private static Coroutine TwoLocksAsync(SimulationWorld world, bool isFixed)
    {
        var (left, right) = (new AsyncLock(), new AsyncLock());
        return TogetherAsync(("ann", () => TakeBothAsync(left, right, 0)), ("bob", () => isFixed ? TakeBothAsync(left, right, 4) : TakeBothAsync(right, left, 4)));

        async Coroutine TakeBothAsync(AsyncLock first, AsyncLock second, int steps)
        {
            await StepsAsync(steps);
            using (await first.LockAsync())
            {
                await Coroutine.Yield();
                using (await second.LockAsync())
                {
                }
            }
        }
    }

    private static Coroutine TwoClosersAsync(SimulationWorld world, bool isFixed)
    {
        var open = 2;
        var closed = new CoroutineSource();
        return TogetherAsync(("ann", () => WriteAsync(0)), ("bob", () => WriteAsync(2)), ("reader", async () => await closed));

        async Coroutine WriteAsync(int steps)
        {
            await StepsAsync(steps);
            var isLast = --open == 0;
            await Coroutine.Yield();
            if (isFixed ? isLast : open == 0)
            {
                closed.SetResult();
            }
        }
    }

    private static Coroutine SplitBrainAsync(SimulationWorld world, bool isFixed)
    {
        var leaders = 0;
        AsyncQueue<string>[] inboxes = [new(), new()];
        return TogetherAsync(("node-0", () => LiveAsync(0)), ("node-1", () => LiveAsync(1)));

        async Coroutine LiveAsync(int node)
        {
            await StepsAsync(4 * node);
            if (isFixed && node == 1)
            {
                // To hear nothing tells nothing: the one with the lower number leads.
                await inboxes[node].GetAsync();
            }
            else if (!inboxes[node].TryGet(out _))
            {
                await Coroutine.Yield();
                world.Always(++leaders == 1, "one leads");
                await inboxes[1 - node].PutAsync("I lead");
            }
        }
    }

    private static async Coroutine TogetherAsync(params (string Name, Func<Coroutine> Body)[] tasks)
    {
        await (Edit?.Invoke() ?? Coroutine.Completed);
        await TaskGroup.RunAsync(async group =>
        {
            foreach (var (name, body) in tasks)
            {
                group.Start(body(), name);
            }

            await Coroutine.Yield();
        });
    }

    private static async Coroutine StepsAsync(int count)
    {
        await (Edit?.Invoke() ?? Coroutine.Completed);
        for (var i = 0; i < count; i++)
        {
            await Coroutine.Yield();
        }
    }
}
