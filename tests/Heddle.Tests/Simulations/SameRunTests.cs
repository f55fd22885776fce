namespace Heddle.Tests.Simulations;

/// <summary>A seed means the same run in each process. <c>eng/same-runs.sh</c> asks for 10,000 of them.</summary>
public class SameRunTests
{
    private const string Seeds = "300";

    [Fact]
    public async Task Processes_with_one_and_with_two_processors_make_the_same_runs()
    {
        var one = await OtherProcess.RunAsync(["simulation-hashes", "1", Seeds], ("DOTNET_PROCESSOR_COUNT", "1"));
        var two = await OtherProcess.RunAsync(["simulation-hashes", "1", Seeds], ("DOTNET_PROCESSOR_COUNT", "2"));
        Assert.Equal(one, two);
        Assert.True(one.Select(line => line.Split(' ')[1]).Distinct().Count() > 250, "Seeds give different runs.");
    }
}
