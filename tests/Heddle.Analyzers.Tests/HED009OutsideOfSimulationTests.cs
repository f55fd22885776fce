using Microsoft.CodeAnalysis.Testing;

namespace Heddle.Analyzers.Tests;

public sealed class HED009OutsideOfSimulationTests : RuleTest<HED009OutsideOfSimulationAnalyzer, EmptyCodeFixProvider>
{
    [Theory]
    [InlineData("_ = [|DateTime.UtcNow|];")]
    [InlineData("_ = [|DateTime.Now|].Ticks;")]
    [InlineData("_ = [|DateTimeOffset.UtcNow|];")]
    [InlineData("_ = [|System.Diagnostics.Stopwatch.StartNew()|];")]
    [InlineData("_ = [|System.Diagnostics.Stopwatch.GetTimestamp()|];")]
    [InlineData("_ = [|Environment.TickCount64|];")]
    [InlineData("_ = [|TimeProvider.System|].GetUtcNow();")]
    [InlineData("_ = [|Guid.NewGuid()|];")]
    [InlineData("_ = [|Random.Shared|].Next(5);")]
    [InlineData("_ = [|new Random()|].Next(5);")]
    [InlineData("_ = [|System.Security.Cryptography.RandomNumberGenerator.GetInt32(5)|];")]
    [InlineData("_ = [|Path.GetRandomFileName()|];")]
    [InlineData("_ = [|System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(new object())|];")]
    [InlineData("await [|Task.Delay(5)|].OrCanceled();")]
    [InlineData("using var source = [|new CancellationTokenSource(5)|];")]
    [InlineData("using var timer = [|new Timer(_ => { })|];")]
    [InlineData("using var timer = [|new PeriodicTimer(TimeSpan.FromSeconds(1))|];")]
    [InlineData("[|new Thread(() => { }).Start()|];")]
    [InlineData("await [|Task.Run(() => { })|].OrCanceled();")]
    [InlineData("await TaskGroup.RunAsync(async group => { group.Start(async () => { _ = [|DateTime.UtcNow|]; await Coroutine.Yield(); }); await Coroutine.Yield(); });")]
    public Task What_is_another_thing_each_time_is_reported(string statement) => ReportsAsync(Explored(statement));

    [Theory]
    [InlineData("_ = world.TimeProvider.GetUtcNow();")]
    [InlineData("_ = EventLoop.Current.Clock.GetUtcNow();")]
    [InlineData("_ = world.Random.Next(5);")]
    [InlineData("_ = new Random(5).Next(5);")]
    [InlineData("_ = new DateTime(2000, 1, 1).Date;")]
    [InlineData("await Task.Delay(TimeSpan.FromSeconds(1), world.TimeProvider).OrCanceled();")]
    [InlineData("using var source = new CancellationTokenSource(TimeSpan.FromSeconds(1), world.TimeProvider); source.CancelAfter(5);")]
    [InlineData("using var source = new CancellationTokenSource();")]
    [InlineData("using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1), world.TimeProvider);")]
    [InlineData("_ = new Guid().ToString(); _ = Guid.Empty;")]
    public Task What_is_the_same_each_time_is_not(string statement) => ReportsAsync(Explored(statement));

    [Fact]
    public Task It_is_seen_in_what_the_body_calls_by_name_and_nowhere_else() => ReportsAsync("""
        class Tests
        {
            void Runs() => Heddle.Testing.Simulation.Explore(async () =>
            {
                _ = new Shop().Closes;
                await BuyAsync();
                await LocalAsync();
                async Coroutine LocalAsync() { _ = [|Guid.NewGuid()|]; await Coroutine.Yield(); }
            });

            void RunsMethod() => Heddle.Testing.Simulation.Explore(BuyAsync);

            static async Coroutine BuyAsync() { Note(); await Coroutine.Yield(); }

            static void Note() => _ = [|DateTime.UtcNow|];

            static void NotCalled() => _ = DateTime.UtcNow;
        }

        class Shop
        {
            private readonly int _seed;
            public Shop() => _seed = [|Random.Shared|].Next();
            public long Closes => [|Environment.TickCount64|] + _seed;
            public long Opens => Environment.TickCount64;
        }
        """);

    [Fact]
    public Task The_thread_pool_has_its_place_where_tasks_are_explored() => ReportsAsync("""
        class Tests
        {
            void Tasks() => Heddle.Testing.Simulation.ExploreTasks(async world =>
            {
                await Task.Run(() => { });
                await [|Task.Delay(5)|];
                [|new Thread(() => { }).Start()|];
            });
        }
        """);

    private static string Explored(string statement) => $$"""
        class Tests
        {
            void Before() => _ = DateTime.UtcNow;

            void Runs() => Heddle.Testing.Simulation.Explore(async world =>
            {
                {{statement}}
                await Coroutine.Yield();
            });
        }
        """;
}
