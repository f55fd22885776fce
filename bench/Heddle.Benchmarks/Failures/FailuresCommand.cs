using System.Globalization;
using Heddle.Benchmarks.Quick;

namespace Heddle.Benchmarks.Failures;

/// <summary>Exceptions that leave deep recursions, beside those of <see cref="Task"/>, in interleaved rounds.</summary>
static class FailuresCommand
{
    static readonly int[] Depths = [10, 100, 1_000, 10_000];

    public static int Run(string[] args)
    {
        switch (args)
        {
            case []:
                return Compare(rounds: 11);
            case ["--rounds", var text] when int.TryParse(text, out int rounds) && rounds > 0:
                return Compare(rounds);
            default:
                Console.Error.WriteLine("failures does not understand that; see --help.");
                return 2;
        }
    }

    static int Compare(int rounds)
    {
        string[] header = ["levels", "Heddle, ms", "Task, ms", "Task, times Heddle's", "Heddle, MB", "Task, MB"];
        Console.WriteLine($"Medians of {rounds} interleaved rounds.");
        MarkdownTable.Print(Console.Out, [header, .. Depths.Select(depth => Line(depth, rounds))]);
        return 0;
    }

    static string[] Line(int depth, int rounds)
    {
        var heddle = new List<DeepFailureSample>();
        var task = new List<DeepFailureSample>();

        // The first of each is for the JIT compiler.
        for (int round = 0; round <= rounds; round++)
        {
            heddle.Add(DeepFailure.OnHeddle(depth));
            task.Add(DeepFailure.OnTask(depth));
        }
        double? ratio = Median.Of(heddle.Zip(task, (own, other) => (double?)(other.Time / own.Time)).Skip(1));
        return
        [
            depth.ToString("N0", CultureInfo.InvariantCulture),
            Text(Of(heddle, sample => sample.Time.TotalMilliseconds), "F2"),
            Text(Of(task, sample => sample.Time.TotalMilliseconds), "F2"),
            Text(ratio, "0.00×"),
            Text(Of(heddle, sample => sample.Bytes / 1e6), "F2"),
            Text(Of(task, sample => sample.Bytes / 1e6), "F2"),
        ];
    }

    static double? Of(List<DeepFailureSample> samples, Func<DeepFailureSample, double?> figure) => Median.Of(samples.Skip(1).Select(figure));

    static string Text(double? value, string format) => value?.ToString(format, CultureInfo.InvariantCulture) ?? "–";
}
