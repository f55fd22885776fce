namespace Heddle.Analyzers.Tests;

public sealed class HED006LambdaOffTheLoopTests : RuleTest<HED006LambdaOffTheLoopAnalyzer, HED006LambdaOffTheLoopFix>
{
    [Theory]
    [InlineData("EventLoop.Current.Post([|async () => await WorkAsync()|]);")]
    [InlineData("EventLoop.Current.Post([|async () => { await task; }|]);")]
    [InlineData("EventLoop.Current.Post([|async state => { await WorkAsync(); Log(state); }|], 1);")]
    [InlineData("EventLoop.Current.Post([|async delegate { await WorkAsync(); }|]);")]
    [InlineData("LoopTask.Start(WorkAsync()).OnCompleted([|async ended => { await WorkAsync(); Log(ended); }|]);")]
    [InlineData("EventLoop.Current.OnSignal(System.Runtime.InteropServices.PosixSignal.SIGHUP, [|async _ => await WorkAsync()|]);")]
    [InlineData("var timer = new Heddle.LowLevel.LoopTimer(EventLoop.Current, [|async () => await WorkAsync()|]);")]
    [InlineData("var options = new EventLoopOptions { OnReport = [|async report => { await WorkAsync(); }|] };")]
    [InlineData("EventLoop.Current.Post([|Later|]); async void Later() => await WorkAsync();")]
    [InlineData("await Heddle.Coroutine.WhenAll(Heddle.Coroutine.FromResult<Func<Task>>([|async () => await task|]));")]
    public Task An_async_lambda_that_is_no_coroutine_is_reported(string statements) => ReportsInCoroutineAsync(statements);

    [Theory]
    [InlineData("Action later = [|async () => await WorkAsync()|]; EventLoop.Current.Post(later);")]
    [InlineData("Action later = [|Work|]; Log(1); EventLoop.Current.Post(later); async void Work() => await WorkAsync();")]
    [InlineData("var later = new Action([|async () => await WorkAsync()|]); EventLoop.Current.Post(later);")]
    public Task One_that_is_stored_before_it_is_given_is_reported(string statements) => ReportsInCoroutineAsync(statements);

    [Theory]
    [InlineData("Action later = async () => await WorkAsync(); later();")]
    [InlineData("Action later = async () => await WorkAsync(); later(); later = () => Log(1); EventLoop.Current.Post(later);")]
    [InlineData("Func<Coroutine> later = async () => await WorkAsync(); LoopTask.Start(later);")]
    [InlineData("Func<Task> later = async () => await task; EventLoop.Current.Post(() => Log(later));")]
    public Task One_that_is_stored_and_goes_elsewhere_is_not_reported(string statements) => ReportsInCoroutineAsync(statements);

    [Theory]
    [InlineData("EventLoop.Current.Post(() => Log(1));")]
    [InlineData("EventLoop.Current.Post(() => LoopTask.Start(async () => await WorkAsync()));")]
    [InlineData("LoopTask.Start(async () => await WorkAsync());")]
    [InlineData("LoopTask.Start(async () => await task);")]
    [InlineData("await TaskGroup.RunAsync(async group => await WorkAsync());")]
    [InlineData("await CancelScope.RunAsync(async scope => { await task; return 1; });")]
    [InlineData("LoopTask.Start(WorkAsync()).OnCompleted(ended => Log(ended));")]
    [InlineData("await Task.Run(async () => await task);")]
    [InlineData("new List<int>().ForEach(async _ => await task);")]
    [InlineData("Func<Task> own = async () => await task; await own();")]
    public Task A_coroutine_and_what_is_not_given_to_the_library_are_not_reported(string statements) =>
        ReportsInCoroutineAsync(statements);

    [Theory]
    [InlineData(
        "EventLoop.Current.Post([|async () => await WorkAsync()|]);",
        "EventLoop.Current.Post(() => LoopTask.Start(async () => await WorkAsync()));")]
    [InlineData(
        "Action later = [|async () => await WorkAsync()|]; EventLoop.Current.Post(later);",
        "Action later = () => LoopTask.Start(async () => await WorkAsync()); EventLoop.Current.Post(later);")]
    [InlineData(
        "EventLoop.Current.Post([|async () => { await task; }|]);",
        "EventLoop.Current.Post(() => LoopTask.Start(async () => { await task; }));")]
    [InlineData(
        "LoopTask.Start(WorkAsync()).OnCompleted([|async ended => { await WorkAsync(); Log(ended); }|]);",
        "LoopTask.Start(WorkAsync()).OnCompleted(ended => LoopTask.Start(async () => { await WorkAsync(); Log(ended); }));")]
    [InlineData(
        "EventLoop.Current.Post([|static async (state) => await Coroutine.Delay(state)|], TimeSpan.Zero);",
        "EventLoop.Current.Post(static (state) => LoopTask.Start(async () => await Coroutine.Delay(state)), TimeSpan.Zero);")]
    public Task The_fix_starts_a_coroutine(string statements, string mended) => FixesInCoroutineAsync(statements, mended);

    [Fact]
    public Task A_method_group_is_left_to_its_author() =>
        OffersNoFixInCoroutineAsync("EventLoop.Current.Post([|Later|]); async void Later() => await WorkAsync();");

    [Fact]
    public Task All_places_are_mended_at_once() => FixesInCoroutineAsync(
        "EventLoop.Current.Post([|async () => await WorkAsync()|]);\nEventLoop.Current.Post([|async () => await task|]);",
        "EventLoop.Current.Post(() => LoopTask.Start(async () => await WorkAsync()));\n"
            + "EventLoop.Current.Post(() => LoopTask.Start(async () => await task));");
}
