namespace Heddle.Tests.Simulations;

/// <summary>HTTP in simulated runs: the handler of .NET gives work to the thread pool, and the runs are the same each time all the same.</summary>
/// <remarks>
/// Whatever else is at work in the pool would be waited for, so that these are in processes of their own. <c>eng/same-runs.sh</c> makes the runs of
/// 10,000 seeds; a hundred thousand are made by <c>Heddle.TestPrograms simulation-http web 1 100000 -v</c>, and <c>wiki</c>.
/// </remarks>
public class HttpSimulationTests
{
    [Theory]
    [InlineData("web")]
    [InlineData("wiki")]
    public async Task A_client_and_WikiPath_bear_all_faults_and_do_so_alike_with_one_and_with_two_processors(string program)
    {
        var one = await OtherProcess.RunAsync(["simulation-http", program, "1", "200"], ("DOTNET_PROCESSOR_COUNT", "1"));
        var two = await OtherProcess.RunAsync(["simulation-http", program, "1", "200"], ("DOTNET_PROCESSOR_COUNT", "2"));
        Assert.Equal(one, two);
        Assert.Equal(2, one.Distinct().Count());
    }

    [Fact]
    public async Task A_client_is_on_the_machine_that_its_request_was_sent_from()
        => Assert.Equal(["60 runs"], await OtherProcess.RunAsync(["simulation-cure", "neighbours"]));

    [Fact]
    public async Task A_machine_that_crashes_in_the_middle_of_a_request_takes_it_along_and_tells_nobody()
        => Assert.Equal(["60 runs"], await OtherProcess.RunAsync(["simulation-cure", "crash of a client"]));

    [Fact]
    public async Task Work_of_others_in_the_thread_pool_is_named_after_a_second_and_not_waited_for_without_end()
        => Assert.Contains(
            "the thread pool was at work for others for a second", Assert.Single(await OtherProcess.RunAsync(["simulation-http", "beside others", "1", "1"])), StringComparison.Ordinal);
}
