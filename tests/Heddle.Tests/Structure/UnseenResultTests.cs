using Heddle.Testing;
using static Heddle.Tests.Expect;

namespace Heddle.Tests.Structure;

/// <summary>A result that can be handed over to nobody is disposed of, as the loser's of a race is.</summary>
public class UnseenResultTests
{
    /// <summary>Each gets the results that are got in the first second, is cut short after two, and hands none of them over.</summary>
    private static readonly Dictionary<string, Func<Func<Thing>, Coroutine>> s_losses = new()
    {
        ["WhenAll, another fails"] = async make => await ThrowsAsync<InvalidOperationException>(
            async () => await Coroutine.WhenAll(GetAsync(make), GetAsync(make), FailAfterAsync<Thing>())),
        ["WhenAll, another fails, by types"] = async make => await ThrowsAsync<InvalidOperationException>(
            async () => await Coroutine.WhenAll(GetAsync(make), FailAfterAsync<int>(), GetAsync(make))),
        ["WhenAll, cancelled"] = make => CutShortAsync(async () => await Coroutine.WhenAll(GetAsync(make), GetAsync(make), NeverAsync())),
        ["WhenAll, by types, cancelled"] = make => CutShortAsync(async () => await Coroutine.WhenAll(GetAsync(make), NeverAsync(), GetAsync(make))),
        ["WhenAllSettled, cancelled"] = make => CutShortAsync(
            async () => await Coroutine.WhenAllSettled(GetAsync(make), GetAsync(make), NeverAsync())),
        ["Race, cancelled too late"] = async make => (await Coroutine.Race(GetAsync(make), GetAsync(make), GetAsync(make))).IsDisposed = true,
        ["WhenEach, left early"] = async make =>
        {
            await foreach (var ended in Coroutine.WhenEach(GetAsync(make), GetAsync(make), GetAsync(make)))
            {
                ended.Result.IsDisposed = true;
                break;
            }
        },
        ["WhenEach, left before the first"] = async make =>
        {
            var parts = Coroutine.WhenEach(GetAsync(make), GetAsync(make)).GetAsyncEnumerator();
            await Coroutine.Delay(Second * 2);
            await parts.DisposeAsync();
        },
        ["a group's, a task is cut short"] = make => CutShortAsync(async () => await TaskGroup.RunAsync(async group =>
        {
            group.Start(Coroutine.Delay(Hour));
            return await GetAsync(make);
        })),
        ["a group's, a task fails"] = async make => await ThrowsAsync<AggregateException>(async () => await TaskGroup.RunAsync(async group =>
        {
            group.Start(Expect.FailAfterAsync(Second * 2, new InvalidOperationException()));
            return await GetAsync(make);
        })),
        ["a scope's, what it holds cannot be closed"] = async make => await ThrowsAsync<InvalidOperationException>(
            async () => await CancelScope.RunAsync(async Coroutine<Thing> (_) =>
            {
                await LeaveAGeneratorOpenAsync();
                return await GetAsync(make);
            })),
        ["a task's, what it holds cannot be closed"] = async make => await ThrowsAsync<InvalidOperationException>(
            async () => await LoopTask.Start(async Coroutine<Thing> () =>
            {
                await LeaveAGeneratorOpenAsync();
                return await GetAsync(make);
            })),
    };

    public static TheoryData<string> Losses => [.. s_losses.Keys];

    [Theory]
    [MemberData(nameof(Losses))]
    [Trait("rule", "13")]
    public void It_is_disposed_of_once(string loss) => VirtualTime.Run(async () =>
    {
        var made = new List<Thing>();
        await s_losses[loss](() =>
        {
            made.Add(new Thing());
            return made[^1];
        });
        Assert.NotEmpty(made);
        Assert.All(made, thing => Assert.True(thing.IsDisposed));
    });

    [Fact]
    public void Where_nothing_is_lost_nothing_is_disposed_of() => VirtualTime.Run(async () =>
    {
        var made = new List<Thing>();
        Thing Make()
        {
            made.Add(new Thing());
            return made[^1];
        }

        await Coroutine.WhenAll(GetAsync(Make), GetAsync(Make));
        await Coroutine.WhenAll(GetAsync(Make), Expect.ValueAfterAsync(Second, 1));
        await Coroutine.WhenAllSettled(GetAsync(Make), FailAfterAsync<Thing>());
        await Coroutine.Race(GetAsync(Make), NeverAsync());
        await TaskGroup.RunAsync(async _ => await GetAsync(Make));
        await CancelScope.RunAsync(async Coroutine<Thing> (_) => await GetAsync(Make));
        await foreach (var ended in Coroutine.WhenEach(GetAsync(Make)))
        {
            Assert.NotNull(ended);
        }

        Assert.All(made, thing => Assert.False(thing.IsDisposed));
    });

    private static async Coroutine CutShortAsync(Func<Coroutine> body)
        => Assert.False(await CancelScope.MoveOnAfterAsync(Second * 2, _ => body()));

    private static async Coroutine<Thing> GetAsync(Func<Thing> make)
    {
        await Coroutine.Delay(Second);
        return make();
    }

    private static async Coroutine<T> FailAfterAsync<T>()
    {
        await Coroutine.Delay(Second * 2);
        throw new InvalidOperationException();
    }

    private static async Coroutine<Thing> NeverAsync()
    {
        await Coroutine.Delay(Hour);
        throw new InvalidOperationException("It was awaited to the end.");
    }

    /// <summary>Its clean-up fails when the scope is left.</summary>
    private static async Coroutine LeaveAGeneratorOpenAsync()
    {
        var values = new AsyncGenerator<int>(static async co =>
        {
            try
            {
                await co.Yield(1);
            }
            finally
            {
                throw new InvalidOperationException("clean-up failed");
            }
        });
        Assert.True(await values.MoveNextAsync());
    }

    private sealed class Thing : IAsyncDisposable
    {
        internal bool IsDisposed { get; set; }

        public async ValueTask DisposeAsync()
        {
            Assert.False(IsDisposed);
            await Coroutine.Yield();
            IsDisposed = true;
        }
    }
}
