using System.Diagnostics;
using System.Reflection;
using Heddle.LowLevel;

namespace Heddle.Tests.Scheduling;

/// <summary>Hot paths allocate nothing once they are warm.</summary>
/// <remarks>In a debug build the compiler makes each state machine an object, so there only what needs no call of a coroutine counts.</remarks>
public class AllocationTests
{
    private const int Rounds = 10_000;

    private static bool IsOptimized
        => typeof(AllocationTests).Assembly.GetCustomAttribute<DebuggableAttribute>() is not { IsJITOptimizerDisabled: true };

    [Fact]
    public void A_switch_allocates_nothing() => AssertNoAllocation(async () =>
    {
        for (var i = 0; i < Rounds; i++)
        {
            await Coroutine.Yield();
        }
    });

    [Fact]
    public void A_child_that_completes_at_once_allocates_nothing()
    {
        Assert.SkipUnless(IsOptimized, "A debug build makes each state machine an object.");
        static async Coroutine<int> ChildAsync() => 1;
        AssertNoAllocation(async () =>
        {
            for (var i = 0; i < Rounds; i++)
            {
                await ChildAsync();
            }
        });
    }

    [Fact]
    public void A_delay_allocates_nothing() => AssertNoAllocation(async () =>
    {
        for (var i = 0; i < 20; i++)
        {
            await Coroutine.Delay(TimeSpan.FromTicks(1));
        }
    });

    [Fact]
    public void Setting_and_cancelling_a_timer_allocates_nothing()
    {
        LoopTimer? timer = null;
        AssertNoAllocation(async () =>
        {
            timer ??= new LoopTimer(EventLoop.Current, () => { });
            for (var i = 0; i < Rounds; i++)
            {
                timer.Schedule(TimeSpan.FromMinutes(1));
                timer.Cancel();
            }
        });
    }

    [Fact]
    public void Taking_a_free_lock_and_giving_it_back_allocates_nothing()
    {
        var gate = new AsyncLock();
        AssertNoAllocation(async () =>
        {
            for (var i = 0; i < Rounds; i++)
            {
                using (await gate.LockAsync())
                {
                }
            }
        });
    }

    [Fact]
    public void A_hop_over_two_queues_allocates_nothing()
    {
        var (there, back) = (new AsyncQueue<int>(1), new AsyncQueue<string>(1));
        AssertNoAllocation(async () =>
        {
            var echo = LoopTask.Start(async () =>
            {
                for (var i = 0; i < Rounds; i++)
                {
                    await there.GetAsync();
                    await back.PutAsync("back");
                }
            });
            for (var i = 0; i < Rounds; i++)
            {
                await there.PutAsync(i);
                await back.GetAsync();
            }

            await echo;
        });
    }

    private static void AssertNoAllocation(Func<Coroutine> action) => EventLoop.Run(async () =>
    {
        await action();
        await action();
        var before = GC.GetAllocatedBytesForCurrentThread();
        await action();

        // The call of the action costs some objects, and so may a method that is compiled anew; the least object a round would be 24 bytes.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, Rounds);
    });
}
