using Heddle.Testing;

namespace Heddle.Tests.Sync;

/// <summary>What holds for every primitive that wakes all who wait, and for those where several kinds of waiters meet.</summary>
public class BroadcastContractTests
{
    public static TheoryData<string> Primitives => [.. Broadcast.All.Keys];

    [Theory]
    [MemberData(nameof(Primitives))]
    [Trait("rule", "7")]
    [Trait("rule", "13")]
    [Trait("pitfall", "14")]
    [Trait("pitfall", "17")]
    public void Whichever_step_the_cancellation_strikes_at_all_others_are_woken_in_their_order(string primitive)
    {
        foreach (var (waiters, victims) in Victims.OfUpTo(Broadcast.Most))
        {
            Victims.StrikeAtEveryStep(step => WakeAndStrike(primitive, waiters, victims, step));
        }
    }

    [Fact]
    [Trait("rule", "13")]
    [Trait("pitfall", "18")]
    public void Whichever_step_the_cancellation_strikes_at_each_round_of_a_barrier_has_all_numbers_once()
    {
        foreach (var (waiters, victims) in Victims.OfUpTo(3))
        {
            Victims.StrikeAtEveryStep(step => MeetAndStrike(waiters, victims, step));
        }
    }

    [Fact]
    [Trait("rule", "13")]
    [Trait("pitfall", "19")]
    public void Whichever_step_the_cancellation_strikes_at_the_other_readers_and_writers_go_in_in_their_order()
    {
        foreach (var (users, victims) in Victims.OfUpTo(3))
        {
            for (var writers = 0; writers < 1 << users; writers++)
            {
                var who = writers;
                Victims.StrikeAtEveryStep(step => ReadAndWriteAndStrike(users, who, victims, step));
            }
        }
    }

    private static int WakeAndStrike(string primitive, int waiters, int victims, int step)
    {
        Broadcast? broadcast = null;
        var woken = new List<int>();
        return RunAndStrike(
            step,
            victims,
            () =>
            {
                broadcast = Broadcast.All[primitive]();
                return Enumerable.Range(0, waiters).Select(i => LoopTask.Start(
                    async () =>
                    {
                        await broadcast.WaitAsync();
                        woken.Add(i);
                    },
                    $"waiter {i}"));
            },
            () => broadcast!.WakeAllAsync(),
            tasks =>
            {
                Assert.Equal(woken.Order(), woken);
                Assert.Equal(woken, Enumerable.Range(0, waiters).Where(i => !tasks[i].IsCanceled));
                Assert.Equal(0, broadcast!.Waiters);
                broadcast.AssertWhole(woken.Count);
            });
    }

    /// <summary>One more is needed than there are waiters, and one for each who was cancelled.</summary>
    private static int MeetAndStrike(int waiters, int victims, int step)
    {
        const int rounds = 2;
        var barrier = new AsyncBarrier(waiters + 1);
        var numbers = new List<int>();
        return RunAndStrike(
            step,
            victims,
            () => Enumerable.Range(0, waiters).Select(i => LoopTask.Start(
                async () =>
                {
                    for (var round = 0; round < rounds; round++)
                    {
                        numbers.Add(await barrier.WaitAsync());
                        await Coroutine.Yield();
                    }
                },
                $"waiter {i}")),
            async () =>
            {
                for (var round = 0; round < rounds; round++)
                {
                    int last;
                    while (!barrier.TryWait(out last))
                    {
                        for (var missing = waiters - barrier.Statistics.Waiters; missing > 0; missing--)
                        {
                            _ = LoopTask.Start(async () => numbers.Add(await barrier.WaitAsync()));
                        }

                        await Coroutine.Delay(Expect.Second);
                    }

                    numbers.Add(last);
                    await Coroutine.Delay(Expect.Second);
                }
            },
            _ =>
            {
                Assert.Equal(0, barrier.Statistics.Waiters);
                foreach (var round in numbers.Chunk(barrier.ParticipantCount))
                {
                    Assert.Equal(Enumerable.Range(0, barrier.ParticipantCount), round.Order());
                }
            });
    }

    private static int ReadAndWriteAndStrike(int users, int writers, int victims, int step)
    {
        var gate = new AsyncReaderWriterLock();
        var entered = new List<int>();
        var (reading, writing) = (0, 0);
        Releaser first = default;
        async Coroutine UseAsync(int user)
        {
            var isWriter = writers.Has(user);
            using (await (isWriter ? gate.WriteLockAsync() : gate.ReadLockAsync()))
            {
                entered.Add(user);
                _ = isWriter ? writing++ : reading++;
                Assert.True(writing == 0 || (writing == 1 && reading == 0));
                try
                {
                    await Coroutine.Yield();
                }
                finally
                {
                    _ = isWriter ? writing-- : reading--;
                }
            }
        }

        return RunAndStrike(
            step,
            victims,
            () =>
            {
                // A reader is in, so that who reads behind a writer waits for that writer alone.
                Assert.True(gate.TryReadLock(out first));
                return Enumerable.Range(0, users).Select(i => LoopTask.Start(UseAsync(i), $"user {i}"));
            },
            async () => first.Dispose(),
            tasks =>
            {
                // Readers who are in together may run in any order.
                Assert.DoesNotContain(
                    entered.Zip(entered.Skip(1)), pair => pair.First > pair.Second && (writers.Has(pair.First) || writers.Has(pair.Second)));
                Assert.Superset(Enumerable.Range(0, users).Where(i => !tasks[i].IsCanceled).ToHashSet(), entered.ToHashSet());
                Assert.Equal(default, gate.Statistics);
            });
    }

    /// <summary>Starts tasks, lets them wait, wakes them; before the given step some of them are cancelled. Returns the number of steps.</summary>
    private static int RunAndStrike(
        int step, int victims, Func<IEnumerable<LoopTask>> start, Func<Coroutine> wakeAsync, Action<IReadOnlyList<LoopTask>> assert)
    {
        var queue = new StrikingQueue(step);
        VirtualTime.Run(
            async () =>
            {
                var tasks = start().ToArray();
                queue.Arm(() => tasks.CancelThose(victims));
                for (var i = 0; i < 4; i++)
                {
                    await Coroutine.Yield();
                }

                await wakeAsync();
                for (var i = 0; i < tasks.Length; i++)
                {
                    await LoopTask.WhenAny(tasks[i]);
                    Assert.True(tasks[i].IsCompletedSuccessfully || (tasks[i].IsCanceled && victims.Has(i)), $"{tasks[i]}: {tasks[i].Exception}");
                }

                queue.Disarm();
                assert(tasks);
            },
            new() { ReadyQueue = () => queue });
        return queue.Steps;
    }
}
