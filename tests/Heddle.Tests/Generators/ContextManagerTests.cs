namespace Heddle.Tests.Generators;

public sealed class ContextManagerTests
{
    private readonly List<string> _log = [];

    [Fact]
    public void The_code_runs_between_the_two_halves_of_the_body()
    {
        Transaction().Run(cursor => _log.Add(cursor));

        Assert.Equal(["open", "cursor", "commit", "close"], _log);
    }

    [Fact]
    public void The_body_sees_the_exception_of_the_code_and_may_let_it_pass()
    {
        var failure = new FormatException("bad row");

        Assert.Same(failure, Assert.Throws<FormatException>(() => Transaction().Run(_ => throw failure)));
        Assert.Equal(["open", "rollback: bad row", "close"], _log);
    }

    [Fact]
    public void It_gives_back_the_result_of_the_code()
        => Assert.Equal(6, Transaction().Run(cursor => cursor.Length));

    private ContextManager<string> Transaction() => new(async co =>
    {
        _log.Add("open");
        try
        {
            await co.Yield("cursor");
            _log.Add("commit");
        }
        catch (Exception failure)
        {
            _log.Add($"rollback: {failure.Message}");
            throw;
        }
        finally
        {
            _log.Add("close");
        }
    });
}
