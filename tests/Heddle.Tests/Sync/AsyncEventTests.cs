using Heddle.Testing;

namespace Heddle.Tests.Sync;

public class AsyncEventTests
{
    [Fact]
    public void Setting_a_manual_event_wakes_all_in_the_order_of_their_coming() => VirtualTime.RunInOrder(async () =>
    {
        var ready = new AsyncManualResetEvent();
        var log = new List<int>();
        var tasks = Enumerable.Range(0, 3).Select(i => LoopTask.Start(async () =>
        {
            await ready.WaitAsync();
            log.Add(i);
        })).ToArray();
        await Coroutine.Yield();
        Assert.Equal(new EventStatistics { Waiters = 3 }, ready.Statistics);
        tasks[1].Cancel();
        ready.Set();
        ready.Reset();
        await tasks[0];
        await tasks[2];
        Assert.Equal([0, 2], log);
        Assert.False(ready.TryWait());
        ready.Set();
        Assert.True(ready.TryWait());
        await ready.WaitAsync();
    });

    [Fact]
    [Trait("pitfall", "14")]
    public void Who_was_woken_by_a_manual_event_has_been_woken_although_it_is_cancelled_then() => VirtualTime.Run(async () =>
    {
        var ready = new AsyncManualResetEvent();
        var wasWoken = false;
        var task = LoopTask.Start(async () =>
        {
            await ready.WaitAsync();
            wasWoken = true;
            await Expect.SettleAsync();
        });
        await Expect.SettleAsync();
        ready.Set();
        task.Cancel();
        await LoopTask.WhenAny(task);
        Assert.True(wasWoken && task.IsCanceled);
    });

    [Fact]
    public void Each_setting_of_an_auto_event_ends_one_wait() => VirtualTime.Run(async () =>
    {
        var signal = new AsyncAutoResetEvent(isSet: true);
        await signal.WaitAsync();
        Assert.False(signal.IsSet);
        signal.Set();
        signal.Set();
        Assert.True(signal.TryWait());
        Assert.False(signal.TryWait());
        var waiter = LoopTask.Start(signal.WaitAsync());
        await Expect.SettleAsync();
        Assert.Equal("AsyncAutoResetEvent (not set, 1 waiting)", signal.ToString());
        signal.Set();
        Assert.False(signal.IsSet);
        await waiter;
        signal.Set();
        signal.Reset();
        Assert.Equal(default(EventStatistics), signal.Statistics);
    });

    [Fact]
    public void They_say_whether_they_are_set() => VirtualTime.Run(async () =>
    {
        Assert.Equal("AsyncManualResetEvent (set)", new AsyncManualResetEvent(true).ToString());
        Assert.Equal("AsyncAutoResetEvent (set)", new AsyncAutoResetEvent(true).ToString());
        var ready = new AsyncManualResetEvent();
        var waiter = LoopTask.Start(ready.WaitAsync());
        await Expect.SettleAsync();
        Assert.Equal("AsyncManualResetEvent (not set, 1 waiting)", ready.ToString());
        waiter.Cancel();
    });
}
