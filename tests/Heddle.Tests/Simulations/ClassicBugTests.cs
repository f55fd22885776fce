using System.Text.RegularExpressions;
using Heddle.Testing;

namespace Heddle.Tests.Simulations;

/// <summary>Each classic mistake is found, and its correction is believed.</summary>
public class ClassicBugTests
{
    public static TheoryData<string> Names => [.. ClassicBugs.All.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void It_is_found_where_first_come_first_served_does_not_show_it(string bug)
    {
        var failure = Assert.Throws<SimulationFailedException>(() => Simulation.Explore(world => ClassicBugs.All[bug](world, false)));
        Assert.InRange(failure.Run, 2, 1000);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Chance_alone_finds_it_too(string bug)
    {
        var failure = Assert.Throws<SimulationFailedException>(
            () => Simulation.Explore(world => ClassicBugs.All[bug](world, false), new() { Deviations = 0 }));
        Assert.InRange(failure.Run, 2, 1000);
        Assert.NotNull(failure.Seed);
    }

    [Fact]
    public void The_table_in_the_guide_says_what_the_searches_find()
    {
        string[] lines =
        [
            "| mistake | all orders with few deviations: run | deviations | by chance: seed | of 200 seeds |",
            "| --- | ---: | ---: | ---: | ---: |",
            .. ClassicBugs.All.Keys.Select(RowOf),
        ];
        var guide = File.ReadAllText(Path.Combine(Repository.Root, "docs", "guide", "simulation.md"));
        Assert.True(guide.Contains(string.Join('\n', lines)), $"The guide's table should be:\n{string.Join('\n', lines)}");
    }

    private static string RowOf(string bug)
    {
        var few = Assert.Throws<SimulationFailedException>(() => Simulation.Explore(world => ClassicBugs.All[bug](world, false)));
        var chance = Assert.Throws<SimulationFailedException>(
            () => Simulation.Explore(world => ClassicBugs.All[bug](world, false), new() { Deviations = 0 }));
        var often = Regex.Match(chance.Message, @"Of 200 further runs with other seeds (\d+) failed").Groups[1].Value;
        return $"| {bug} | {few.Run} | {few.Recording.Split(';').Length} | {chance.Seed} | {often} |";
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_corrected_program_passes(string bug)
        => Assert.Equal(1000, Simulation.Explore(world => ClassicBugs.All[bug](world, true)).Runs);

    [Theory]
    [MemberData(nameof(Names))]
    public void What_it_prints_fails_again_and_in_the_same_way(string bug)
    {
        var failure = Assert.Throws<SimulationFailedException>(() => Simulation.Explore(world => ClassicBugs.All[bug](world, false)));
        var again = Assert.Throws<SimulationFailedException>(
            () => Simulation.Replay(failure.Recording, world => ClassicBugs.All[bug](world, false)));
        Assert.Equal(failure.Message.Split('\n')[0], again.Message.Split('\n')[0]);
        Assert.Equal(failure.Recording, again.Recording);
    }
}
