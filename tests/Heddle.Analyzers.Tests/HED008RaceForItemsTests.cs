using Microsoft.CodeAnalysis.Testing;

namespace Heddle.Analyzers.Tests;

public sealed class HED008RaceForItemsTests : RuleTest<HED008RaceForItemsAnalyzer, EmptyCodeFixProvider>
{
    [Theory]
    [InlineData("await Coroutine.Race([|queue.GetAsync()|], queue.GetAsync());")]
    [InlineData("await Coroutine.Race([|queue.GetAsync()|], Coroutine.Delay(TimeSpan.FromSeconds(1)));")]
    [InlineData("await Coroutine.Race([[|queue.PutAsync(\"a\")|], WorkAsync()]);")]
    [InlineData("await Coroutine.Race([|new AsyncPriorityQueue<int>().GetAsync()|], WorkAsync());")]
    [InlineData("await Coroutine.Race([|new AsyncSemaphore(1).AcquireAsync()|], WorkAsync());")]
    [InlineData("await Coroutine.Race([|new AsyncCapacityLimiter(1).AcquireAsync()|], WorkAsync());")]
    [InlineData("await Coroutine.Race([|new AsyncAutoResetEvent().WaitAsync()|], WorkAsync());")]
    [InlineData("ByteReader reader = null; await Coroutine.Race([|reader.ReadLineAsync()|], NameAsync());")]
    [InlineData("var get = [|queue.GetAsync()|]; await Coroutine.Race(get, NameAsync());")]
    [InlineData("await Coroutine.Race([|queue.GetAsync()|].WithTimeout(TimeSpan.FromSeconds(1)), NameAsync());")]
    [InlineData("await Coroutine.Race(new[] { queue }.Select(each => [|each.GetAsync()|]));")]
    [InlineData("LoopTask.Start(Coroutine.Race([|queue.GetAsync()|], NameAsync()));")]
    public Task A_race_for_what_can_be_taken_once_is_reported(string statements) => ReportsInCoroutineAsync(With(statements));

    [Theory]
    [InlineData("await Coroutine.Race(WorkAsync(), NameAsync());")]
    [InlineData("await Coroutine.Race(new AsyncManualResetEvent().WaitAsync(), WorkAsync());")]
    [InlineData("using (await Coroutine.Race(new AsyncLock().LockAsync(), new AsyncLock().LockAsync())) { }")]
    [InlineData("await Coroutine.Race(Coroutine.Delay(TimeSpan.FromSeconds(1)), queue.JoinAsync());")]
    [InlineData("await Coroutine.WhenAll(queue.GetAsync(), queue.GetAsync());")]
    [InlineData("await CancelScope.MoveOnAfterAsync(TimeSpan.FromSeconds(1), async scope => await queue.GetAsync());")]
    [InlineData("await queue.GetAsync().WithTimeout(TimeSpan.FromSeconds(1));")]
    [InlineData("await LoopTask.WhenAny(LoopTask.Start(queue.GetAsync()), LoopTask.Start(WorkAsync()));")]
    [InlineData("await Coroutine.Race(TakeAsync(queue), NameAsync()); async Coroutine<string> TakeAsync(AsyncQueue<string> from) => await from.GetAsync();")]
    public Task One_in_which_nothing_can_be_lost_is_not_reported(string statements) => ReportsInCoroutineAsync(With(statements));

    private static string With(string statements) => $"var queue = new AsyncQueue<string>(); {statements}";
}
