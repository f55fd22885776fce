namespace Heddle.Tests.Executors;

/// <summary>Whatever is sent arrives whole, or is refused by the name of the member that holds what cannot go.</summary>
public class ClosedWorldTests : ExecutorTests
{
    /// <summary>Ten thousand in all.</summary>
    [Theory]
    [Trait("rule", "19")]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(9)]
    [InlineData(10)]
    [InlineData(11)]
    public void A_thousand_random_values_arrive_whole_or_are_refused_by_name(int seed) => Run(async () =>
    {
        await using var executor = new LoopbackExecutor(2, int.MaxValue, TimeSpan.FromMinutes(1));
        await CheckAsync(executor, seed, count: 1_000);
    });

    [Fact]
    [Trait("rule", "19")]
    public void Random_values_arrive_whole_in_another_process_too() => Run(async () =>
    {
        await using var executor = new ProcessExecutor(new() { MaxWorkers = 1 });
        await CheckAsync(executor, seed: 2, count: 500);
    });

    private static async Coroutine CheckAsync(IExecutor executor, int seed, int count)
    {
        var values = new RandomValues(seed);
        var user = new Sender(executor, values.Forbidden);
        var wrong = new List<string>();
        for (var i = 0; i < count; i++)
        {
            if (await values.NextAsync(user) is { } what)
            {
                wrong.Add($"{i}: {what}");
            }
        }

        Assert.True(wrong.Count == 0, $"{wrong.Count} of {count}: {string.Join(Environment.NewLine, wrong.Take(20))}");
        Assert.InRange(user.Arrived, count / 2, count);
        Assert.InRange(user.Refused, count / 100, count);
    }

    private sealed class Sender(IExecutor executor, List<string> forbidden) : IValueUser
    {
        internal int Arrived { get; private set; }

        internal int Refused { get; private set; }

        public async Coroutine<string?> UseAsync<T>(T value)
        {
            try
            {
                var arrived = await executor.RunAsync(Jobs.Echo, value);
                Arrived++;
                return new SameByFields().Find(value, arrived) is { } difference ? $"{typeof(T)} arrived changed at {difference}"
                    : forbidden.Count > 0 ? $"{typeof(T)} arrived, and has {forbidden[0]}"
                    : null;
            }
            catch (NotPortableException refusal)
            {
                Refused++;
                return forbidden.Exists(name => refusal.Message.Contains(name, StringComparison.Ordinal)) ? null : $"{typeof(T)}: {refusal.Message}";
            }
        }
    }
}
