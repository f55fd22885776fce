using Heddle.Testing;
using static Heddle.Tests.Expect;

namespace Heddle.Tests.Structure;

public class OutcomeTests
{
    [Fact]
    public void One_can_be_made_for_code_that_stands_in_for_a_combinator()
    {
        Assert.True(Outcome.Success.IsSuccess);
        Assert.True(Outcome.FromResult(7).TryGetValue(out var value));
        Assert.Equal(7, value);
        Assert.True(Outcome.FromException(new FormatException()).IsFailure);
        Assert.True(Outcome.FromException<int>(new FormatException()).IsFailure);
        Assert.True(Outcome.FromCanceled(new OperationCanceledException()).IsCanceled);
        var canceled = Outcome.FromCanceled<int>(new OperationCanceledException("enough"));
        Assert.True(canceled.IsCanceled);
        Assert.False(canceled.IsFailure);
        Assert.Equal("cancelled: enough", canceled.ToString());
        Assert.Throws<FormatException>(() => Outcome.FromException(new FormatException()).ThrowIfNotSuccess());
    }

    [Fact]
    public void The_default_is_no_success()
    {
        Assert.False(default(Outcome).IsSuccess);
        Assert.False(default(Outcome<int>).IsSuccess);
        Assert.False((new Outcome<int>[1])[0].TryGetValue(out _));
        Assert.Throws<InvalidOperationException>(() => default(Outcome).ThrowIfNotSuccess());
        Assert.Throws<InvalidOperationException>(() => default(Outcome<int>).Value);
        Assert.Equal("no outcome", default(Outcome<int>).ToString());
    }

    [Fact]
    public void That_of_a_scope_and_of_a_task_that_ended_well_is_a_success() => VirtualTime.Run(async () =>
    {
        Assert.True((await CancelScope.RunAsync(async Coroutine<int> (_) => await ValueAfterAsync(Second, 1))).IsSuccess);
        Assert.All(await Coroutine.WhenAllSettled(Coroutine.Delay(Second), Coroutine.Yield()), outcome => Assert.True(outcome.IsSuccess));
    });
}
