using Heddle.Testing;
using static Heddle.Tests.Expect;

namespace Heddle.Tests.Sync;

/// <summary>Without a loop, on another thread, on another loop.</summary>
public class SyncMisuseTests
{
    private static readonly Dictionary<string, Func<(Func<Coroutine> Use, Action Call)>> s_members = new()
    {
        ["AsyncLock"] = () => Of(new AsyncLock(), x => UseAsync(x.LockAsync()), x => x.Release()),
        ["AsyncSemaphore"] = () => Of(new AsyncSemaphore(9), x => x.AcquireAsync(), x => x.Release()),
        ["AsyncCapacityLimiter"] = () => Of(new AsyncCapacityLimiter(9), x => x.LockAsync(), x => x.TotalTokens = 3),
        ["AsyncReaderWriterLock"] = () => Of(new AsyncReaderWriterLock(), x => x.ReadLockAsync(), x => x.TryReadLock(out _)),
        ["AsyncManualResetEvent"] = () => Of(new AsyncManualResetEvent(true), x => x.WaitAsync(), x => x.Set()),
        ["AsyncAutoResetEvent"] = () => Of(new AsyncAutoResetEvent(true), x => x.WaitAsync(), x => x.Set()),
        ["AsyncCondition"] = () => Of(new AsyncCondition(), x => UseAsync(x.LockAsync()), x => x.Notify()),
        ["AsyncBarrier"] = () => Of(new AsyncBarrier(1), x => x.WaitAsync(), x => x.Reset()),
        ["AsyncQueue, get"] = () => Of(new AsyncQueue<int>(), x => PutAndGetAsync(x), x => x.TryGet(out _)),
        ["AsyncQueue, put"] = () => Of(new AsyncQueue<string>(), x => x.PutAsync("1"), x => x.TryPut("2")),
        ["AsyncQueue, join"] = () => Of(new AsyncQueue<int>(), x => x.JoinAsync(), x => x.Shutdown()),
    };

    public static TheoryData<string> Members => [.. s_members.Keys];

    [Fact]
    [Trait("rule", "2")]
    [Trait("rule", "19")]
    public void Without_a_loop_what_takes_for_a_task_says_how_to_get_one()
    {
        var takings = new Action[]
        {
            () => new AsyncLock().TryLock(out _),
            () => new AsyncCapacityLimiter(1).TryAcquire(),
            () => new AsyncReaderWriterLock().TryReadLock(out _),
            () => new AsyncReaderWriterLock().TryWriteLock(out _),
            () => new AsyncCondition().TryLock(out _),
        };
        Assert.All(takings, taking => Assert.Contains("Start a loop", Assert.Throws<InvalidOperationException>(taking).Message));
    }

    [Fact]
    public void Before_its_loop_runs_everything_can_be_filled_set_and_configured()
    {
        var (queue, heap, stack) = (new AsyncQueue<int>(), new AsyncPriorityQueue<int>(), new AsyncLifoQueue<int>());
        foreach (var one in new[] { queue, heap, stack })
        {
            Assert.True(one.TryPut(2) && one.TryPut(1) && one.TryPut(3) && one.TryGet(out _));
            one.TaskDone();
            Assert.False(one.TryJoin());
            one.Shutdown();
        }

        var (set, signal) = (new AsyncManualResetEvent(), new AsyncAutoResetEvent());
        set.Set();
        signal.Set();
        Assert.True(set.TryWait() && signal.TryWait());
        signal.Set();
        var semaphore = new AsyncSemaphore(1, 3);
        Assert.True(semaphore.TryLock(out var permit));
        permit.Dispose();
        semaphore.Release();
        var limiter = new AsyncCapacityLimiter(0) { TotalTokens = 2 };
        var barrier = new AsyncBarrier(1);
        barrier.Abort();
        barrier.Reset();
        Assert.True(barrier.TryWait(out _));
        VirtualTime.RunInOrder(async () =>
        {
            await set.WaitAsync();
            await signal.WaitAsync();
            await semaphore.AcquireAsync();
            await semaphore.AcquireAsync();
            await limiter.AcquireAsync();
            Assert.Equal(0, semaphore.CurrentCount);
            Assert.Equal([1, 3], await AllAsync(queue));
            Assert.Equal([2, 3], await AllAsync(heap));
            Assert.Equal([1, 2], await AllAsync(stack));
        });

        static async Coroutine<List<int>> AllAsync(AsyncQueue<int> queue)
        {
            var all = new List<int>();
            await foreach (var item in queue)
            {
                all.Add(item);
            }

            return all;
        }
    }

    [Fact]
    public void What_was_filled_in_one_loop_belongs_to_the_loop_that_waits_for_it_first()
    {
        var queue = new AsyncQueue<int>();
        VirtualTime.RunInOrder(async () =>
        {
            queue.TryPut(1);
            await Coroutine.Yield();
        });
        VirtualTime.RunInOrder(async () => Assert.Equal(1, await queue.GetAsync()));
    }

    [Theory]
    [MemberData(nameof(Members))]
    [Trait("rule", "19")]
    public void From_another_thread_it_says_how_to_come_back(string member)
    {
        var (use, call) = s_members[member]();
        EventLoop.Run(async () =>
        {
            await use();
            var misuse = await Task.Run(() => Assert.Throws<InvalidOperationException>(call), CancellationToken.None);
            Assert.Contains("another thread than that of the loop", misuse.Message);
            Assert.Contains("loop.Post", misuse.Message);
        });
    }

    [Theory]
    [MemberData(nameof(Members))]
    [Trait("rule", "19")]
    public void On_another_loop_it_says_to_make_one_for_each(string member)
    {
        var (use, call) = s_members[member]();
        VirtualTime.RunInOrder(use);
        VirtualTime.RunInOrder(async () =>
        {
            Assert.Contains("Make one for each loop", Assert.Throws<InvalidOperationException>(call).Message);
            Assert.Contains("belongs to another loop", (await ThrowsAsync<InvalidOperationException>(use)).Message);
        });
    }

    [Theory]
    [MemberData(nameof(Members))]
    public void Made_and_called_before_the_loop_runs_it_belongs_to_the_loop_that_awaits_it(string member)
    {
        var (use, _) = s_members[member]();
        EventLoop.Run(use());
    }

    private static (Func<Coroutine> Use, Action Call) Of<TPrimitive>(TPrimitive primitive, Func<TPrimitive, Coroutine> use, Action<TPrimitive> call)
        => (() => use(primitive), () => call(primitive));

    private static async Coroutine UseAsync(Coroutine<Releaser> taking)
    {
        using (await taking)
        {
        }
    }

    private static async Coroutine PutAndGetAsync(AsyncQueue<int> queue)
    {
        await queue.PutAsync(1);
        await queue.GetAsync();
    }
}
