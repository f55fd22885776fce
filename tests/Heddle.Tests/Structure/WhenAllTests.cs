using Heddle.Testing;

namespace Heddle.Tests.Structure;

public class WhenAllTests
{
    private static async Coroutine<T> ValueAsync<T>(T value, int seconds = 0)
    {
        await Coroutine.Delay(TimeSpan.FromSeconds(seconds));
        return value;
    }

    [Fact]
    public void Results_of_one_type_come_as_an_array_in_the_order_of_the_coroutines() => VirtualTime.Run(async () =>
    {
        int[] two = await Coroutine.WhenAll(ValueAsync(1, seconds: 2), ValueAsync(2, seconds: 1));
        Assert.Equal([1, 2], two);
        var three = await Coroutine.WhenAll(Enumerable.Range(1, 3).Select(i => ValueAsync(i)));
        Assert.Equal([1, 2, 3], three);
        Assert.Equal(TimeSpan.FromSeconds(2), EventLoop.Current.Now);
    });

    [Fact]
    public void Results_of_different_types_come_as_a_tuple() => VirtualTime.Run(async () =>
    {
        var (number, text) = await Coroutine.WhenAll(ValueAsync(1), ValueAsync("one"));
        Assert.Equal((1, "one"), (number, text));
        Assert.Equal((1, "one", 'o'), await Coroutine.WhenAll(ValueAsync(1), ValueAsync("one"), ValueAsync('o')));
    });

    [Fact]
    public void Of_nothing_at_all_it_completes() => VirtualTime.Run(async () =>
    {
        await Coroutine.WhenAll(Array.Empty<Coroutine>());
        Assert.Empty(await Coroutine.WhenAll(Array.Empty<Coroutine<int>>()));
        Assert.Empty(await Coroutine.WhenAllSettled(Array.Empty<Coroutine>()));
    });

    [Fact]
    public void The_same_coroutine_twice_is_an_error_and_the_first_is_cancelled() => VirtualTime.Run(async () =>
    {
        var coroutine = ValueAsync(1, seconds: 1000);
        await Assert.ThrowsAsync<InvalidOperationException>(() => Coroutine.WhenAll(coroutine, coroutine).AsTask());
        Assert.Equal(TimeSpan.Zero, EventLoop.Current.Now);
    });

    [Fact]
    public void Settled_outcomes_say_how_each_ended() => VirtualTime.Run(async () =>
    {
        var outcomes = await Coroutine.WhenAllSettled(
            ValueAsync(1),
            Coroutine.FromException<int>(new InvalidTimeZoneException("lost")));
        Assert.True(outcomes[0].TryGetValue(out var value));
        Assert.Equal(1, value);
        Assert.True(outcomes[1].IsFailure);
        Assert.Throws<InvalidTimeZoneException>(() => outcomes[1].Value);
    });
}
