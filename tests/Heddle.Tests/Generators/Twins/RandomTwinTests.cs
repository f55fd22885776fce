using System.Globalization;

namespace Heddle.Tests.Generators.Twins;

/// <summary>Random generators that nest, delegate, share and call each other, against the same ones in CPython.</summary>
public sealed class RandomTwinTests
{
    private const int Seed = 50_000;

    // The others of ten thousand take too long for each run: eng/generators/ci-stage.sh has them run, too.
    private static readonly int s_programs = int.Parse(
        Environment.GetEnvironmentVariable("HEDDLE_RANDOM_PROGRAMS") ?? "2000", CultureInfo.InvariantCulture);

    [Fact]
    public async Task Random_programs_do_the_same_as_in_python()
    {
        var programs = Enumerable.Range(0, s_programs).Select(i => RandomProgram.Make(new Random(Seed + i))).ToArray();
        var expected = await PythonTwin.RunAsync([.. programs.Select(PythonText.Of)], TestContext.Current.CancellationToken);

        var differences = new List<string>();
        for (var i = 0; i < s_programs; i++)
        {
            var actual = Interpreter.Run(programs[i]);
            if (!actual.SequenceEqual(expected[i]))
            {
                differences.Add(Describe(i, programs[i], expected[i], actual));
            }
        }

        Assert.True(differences.Count == 0, $"{differences.Count} of {s_programs} differ. The shortest:\n{differences.MinBy(d => d.Length)}");
    }

    private static string Describe(int number, RandomProgram program, IReadOnlyList<string> expected, IReadOnlyList<string> actual)
    {
        var python = PythonText.Of(program);
        var calls = string.Join("; ", program.Ops.Select(op => $"{op.Verb} {op.Argument ?? "None"} {op.Slot}"));
        return $"""
            program {number}, slots {string.Join(' ', python.Slots)}, {calls}
            CPython: {string.Join(" | ", expected)}
            Heddle:  {string.Join(" | ", actual)}
            {python.Source}
            """;
    }
}
