namespace Heddle.Tests.Generators.Twins;

/// <summary>Random generators that nest, delegate, share and call each other, against the same ones in CPython.</summary>
public sealed class RandomTwinTests
{
    private const int Programs = 10_000;
    private const int Seed = 5;

    [Fact]
    public async Task Random_programs_do_the_same_as_in_python()
    {
        var programs = Enumerable.Range(0, Programs).Select(i => RandomProgram.Make(new Random(Seed * Programs + i))).ToArray();
        var expected = await PythonTwin.RunAsync([.. programs.Select(PythonText.Of)], TestContext.Current.CancellationToken);

        var differences = new List<string>();
        for (var i = 0; i < Programs; i++)
        {
            var actual = Interpreter.Run(programs[i]);
            if (!actual.SequenceEqual(expected[i]))
            {
                differences.Add(Describe(i, programs[i], expected[i], actual));
            }
        }

        Assert.True(differences.Count == 0, $"{differences.Count} of {Programs} differ. The shortest:\n{differences.MinBy(d => d.Length)}");
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
