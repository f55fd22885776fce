using Heddle.Testing;
using static Heddle.Tests.Expect;

namespace Heddle.Tests.Sync;

/// <summary>What holds for every primitive that hands something to those who wait.</summary>
public class HandoverContractTests
{
    public static TheoryData<string> Primitives => Handover.Names;

    [Theory]
    [MemberData(nameof(Primitives))]
    [Trait("rule", "7")]
    public void In_a_cancelled_scope_nothing_is_taken_even_if_it_is_there(string primitive) => Run(primitive, async (handover, _) =>
    {
        await handover.GiveAsync();
        var isDone = await CancelScope.RunAsync(async scope =>
        {
            scope.Cancel();
            await handover.TakeAsync();
        });
        Assert.False(isDone);
        Assert.Equal(1, handover.TakeAll());
    });

    [Theory]
    [MemberData(nameof(Primitives))]
    [Trait("rule", "2")]
    public void The_call_takes_nothing_and_the_await_does(string primitive) => Run(primitive, async (handover, _) =>
    {
        await handover.GiveAsync();
        var cold = handover.TakeAsync();
        Assert.Equal(1, handover.TakeAll());
        await handover.GiveAsync();
        await cold;
        Assert.Equal(0, handover.TakeAll());
    });

    [Theory]
    [MemberData(nameof(Primitives))]
    [Trait("pitfall", "16")]
    public void Who_came_first_is_served_first(string primitive) => Run(primitive, async (handover, line) =>
    {
        await line.StartAsync(4);
        for (var i = 0; i < 4; i++)
        {
            await handover.GiveAsync();
            await SettleAsync();
        }

        Assert.Equal([0, 1, 2, 3], line.Served);
        Assert.Equal(0, handover.TakeAll());
    });

    [Theory]
    [MemberData(nameof(Primitives))]
    [Trait("pitfall", "16")]
    public void Nobody_passes_the_one_who_was_chosen_and_has_not_run_yet(string primitive) => Run(primitive, async (handover, line) =>
    {
        await line.StartAsync(2);
        await handover.GiveAsync();
        Assert.False(handover.TryTake());
        var late = LoopTask.Start(handover.TakeAsync, "late");
        await SettleAsync();
        Assert.Equal([0], line.Served);
        await handover.GiveAsync();
        await SettleAsync();
        Assert.Equal([0, 1], line.Served);
        Assert.False(late.IsCompleted);
        await handover.GiveAsync();
        await late;
    });

    [Theory]
    [MemberData(nameof(Primitives))]
    [Trait("rule", "13")]
    [Trait("pitfall", "14")]
    [Trait("pitfall", "17")]
    public void A_waiter_that_is_cancelled_leaves_the_line_and_the_order_of_the_others_holds(string primitive)
    {
        foreach (var (waiters, cancelled) in Victims.OfUpTo(4))
        {
            Run(primitive, async (handover, line) =>
            {
                await line.StartAsync(waiters);
                line.Cancel(cancelled);
                await SettleAsync();
                var left = Enumerable.Range(0, waiters).Where(i => (cancelled & (1 << i)) == 0).ToArray();
                Assert.Equal(left.Length, handover.Waiters);
                foreach (var _ in left)
                {
                    await handover.GiveAsync();
                    await SettleAsync();
                }

                Assert.Equal(left, line.Served);
                await handover.GiveAsync();
                Assert.Equal(1, handover.TakeAll());
            });
        }
    }

    [Theory]
    [MemberData(nameof(Primitives))]
    [Trait("rule", "13")]
    [Trait("pitfall", "14")]
    [Trait("pitfall", "17")]
    public void A_unit_and_a_cancellation_in_the_same_turn_lose_nothing_in_either_order(string primitive)
    {
        foreach (var (waiters, cancelled) in Victims.OfUpTo(3))
        {
            foreach (var giveFirst in new[] { true, false })
            {
                Run(primitive, async (handover, line) =>
                {
                    await line.StartAsync(waiters);
                    if (giveFirst)
                    {
                        await handover.GiveAsync();
                    }

                    line.Cancel(cancelled);
                    if (!giveFirst)
                    {
                        // A condition's lock may be on its way to those who were cancelled.
                        await handover.GiveAsync();
                    }

                    await SettleAsync();
                    var given = 1;
                    for (; line.Served.Count + line.Cancelled.Count < waiters; given++)
                    {
                        Assert.True(given <= waiters, "Someone waits although there was enough for all.");
                        await handover.GiveAsync();
                        await SettleAsync();
                    }

                    Assert.Equal(line.Served.Order(), line.Served);
                    Assert.Equal(given, line.Served.Count + handover.TakeAll());
                    Assert.Equal(0, handover.Waiters);
                });
            }
        }
    }

    [Theory]
    [MemberData(nameof(Primitives))]
    [Trait("rule", "13")]
    [Trait("rule", "11")]
    public void A_unit_and_a_timeout_at_the_same_moment_lose_nothing_in_either_order(string primitive)
    {
        foreach (var giverFirst in new[] { true, false })
        {
            Run(primitive, async (handover, _) =>
            {
                async Coroutine GiveAsync()
                {
                    await Coroutine.Delay(Second);
                    await handover.GiveAsync();
                }

                async Coroutine<bool> TakeAsync()
                {
                    try
                    {
                        await handover.TakeAsync().WithTimeout(Second);
                        return true;
                    }
                    catch (TimeoutException)
                    {
                        return false;
                    }
                }

                var giver = giverFirst ? LoopTask.Start(GiveAsync) : null;
                var taker = LoopTask.Start(TakeAsync);
                giver ??= LoopTask.Start(GiveAsync);
                var other = LoopTask.Start(TakeAsync);
                await giver;
                await LoopTask.WhenAny(taker);
                await LoopTask.WhenAny(other);
                await SettleAsync();
                var taken = (await taker ? 1 : 0) + (await other ? 1 : 0);
                Assert.Equal(1, taken + handover.TakeAll());
                Assert.Equal(0, handover.Waiters);
            });
        }
    }

    [Theory]
    [MemberData(nameof(Primitives))]
    [Trait("rule", "7")]
    [Trait("rule", "13")]
    [Trait("pitfall", "14")]
    [Trait("pitfall", "17")]
    public void Whichever_step_the_cancellation_strikes_at_every_unit_comes_back(string primitive)
    {
        foreach (var (users, victims) in Victims.OfUpTo(3))
        {
            Victims.StrikeAtEveryStep(step => UseAndStrike(primitive, users, victims, step));
        }
    }

    /// <summary>Tasks use one unit in turn; before the given step some of them are cancelled. Returns the number of steps.</summary>
    private static int UseAndStrike(string primitive, int users, int victims, int step)
    {
        var queue = new StrikingQueue(step);
        VirtualTime.Run(
            async () =>
            {
                var handover = Handover.All[primitive]();
                var inside = 0;
                async Coroutine UseAsync()
                {
                    for (var round = 0; round < 2; round++)
                    {
                        await handover.TakeAsync();
                        try
                        {
                            Assert.Equal(1, ++inside);
                            await Coroutine.Yield();
                        }
                        finally
                        {
                            inside--;
                            await handover.GiveAsync();
                        }
                    }
                }

                // The unit comes when all stand in line, so that a lone user waits too.
                var tasks = Enumerable.Range(0, users).Select(i => LoopTask.Start(UseAsync, $"{i}")).ToArray();
                queue.Arm(() => tasks.CancelThose(victims));
                await Coroutine.Yield();
                await Coroutine.Yield();
                await handover.GiveAsync();
                foreach (var task in tasks)
                {
                    await LoopTask.WhenAny(task);
                    Assert.False(task.IsFaulted, $"step {step}, {users} users, victims {victims}: {task.Exception}");
                }

                queue.Disarm();
                Assert.Equal(0, handover.Waiters);
                var units = handover.TakeAll();
                Assert.True(units == 1, $"step {step}, {users} users, victims {victims}: {units} units are left of 1.");
            },
            new() { ReadyQueue = () => queue });
        return queue.Steps;
    }

    private static void Run(string primitive, Func<Handover, Line, Coroutine> test) => VirtualTime.Run(async () =>
    {
        var handover = Handover.All[primitive]();
        var line = new Line(handover);
        await test(handover, line);
    });

    /// <summary>Tasks that wait one behind the other; each notes that it was served.</summary>
    private sealed class Line(Handover handover)
    {
        private readonly List<LoopTask> _tasks = [];

        internal List<int> Served { get; } = [];

        internal List<int> Cancelled { get; } = [];

        internal async Coroutine StartAsync(int count)
        {
            for (var i = 0; i < count; i++)
            {
                var number = i;
                var task = LoopTask.Start(
                    async () =>
                    {
                        await handover.TakeAsync();
                        Served.Add(number);
                    },
                    $"waiter {number}");
                task.OnCompleted(ended =>
                {
                    if (ended.IsCanceled)
                    {
                        Cancelled.Add(number);
                    }
                });
                _tasks.Add(task);
                await Coroutine.Yield();
            }

            await SettleAsync();
            Assert.Equal(count, handover.Waiters);
        }

        /// <param name="mask">A bit for each waiter.</param>
        internal void Cancel(int mask) => _tasks.CancelThose(mask);
    }
}
