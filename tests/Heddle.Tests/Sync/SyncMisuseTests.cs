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
        ["AsyncCapacityLimiter"] = () => Of(new AsyncCapacityLimiter(9), x => x.AcquireAsync(new object()), x => x.TotalTokens = 3),
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

    [Theory]
    [MemberData(nameof(Members))]
    [Trait("rule", "2")]
    [Trait("rule", "19")]
    public void Without_a_loop_it_says_how_to_get_one(string member)
    {
        var (_, call) = s_members[member]();
        Assert.Contains("Start a loop", Assert.Throws<InvalidOperationException>(call).Message);
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
        VirtualTime.Run(use);
        VirtualTime.Run(async () =>
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

    private static async Coroutine UseAsync(Coroutine<AsyncLock.Releaser> taking)
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
