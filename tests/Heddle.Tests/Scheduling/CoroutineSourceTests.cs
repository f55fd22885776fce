using Heddle.Testing;
using static Heddle.Tests.Expect;

namespace Heddle.Tests.Scheduling;

public class CoroutineSourceTests
{
    [Fact]
    public void One_without_a_value_wakes_all_who_wait_and_whoever_comes_later() => VirtualTime.Run(async () =>
    {
        var source = new CoroutineSource();
        var log = new List<string>();
        async Coroutine WaitAsync(string name)
        {
            await source;
            log.Add(name);
        }

        var waits = Coroutine.WhenAll(WaitAsync("first"), WaitAsync("second"));
        LoopTask.Start(async () =>
        {
            await Coroutine.Delay(Second);
            source.SetResult();
        });
        await waits;
        await WaitAsync("late");
        Assert.Equal(["first", "second", "late"], log);
        Assert.True(source.IsCompleted);
        Assert.False(source.TrySetResult());
        Assert.Throws<InvalidOperationException>(source.SetResult);
    });

    [Fact]
    public void One_without_a_value_fails_all_who_wait() => VirtualTime.Run(async () =>
    {
        var source = new CoroutineSource();
        Assert.True(source.TrySetException(new FormatException()));
        Assert.False(source.TrySetException(new FormatException()));
        Assert.Throws<InvalidOperationException>(() => source.SetException(new FormatException()));
        await ThrowsAsync<FormatException>(async () => await source);
        await ThrowsAsync<FormatException>(source.WaitAsync);
    });

    [Fact]
    public void Its_wait_can_be_given_to_a_combinator_and_to_who_is_not_to_set_it() => VirtualTime.Run(async () =>
    {
        var (number, signal) = (new CoroutineSource<int>(), new CoroutineSource());
        await ThrowsAsync<TimeoutException>(() => signal.WaitAsync().WithTimeout(Second));
        LoopTask.Start(async () =>
        {
            await Coroutine.Delay(Second);
            number.SetResult(7);
            signal.SetResult();
        });
        Func<Coroutine<int>> readOnly = number.WaitAsync;
        var numbers = await Coroutine.WhenAll(readOnly(), readOnly());
        Assert.Equal([7, 7], numbers);
        await signal.WaitAsync();
    });
}
