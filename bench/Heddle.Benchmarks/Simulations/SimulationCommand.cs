using System.Globalization;
using Heddle.Benchmarks.Quick;

namespace Heddle.Benchmarks.Simulations;

/// <summary>How many decisions and whole runs a simulation makes in a second, and what a decision allocates.</summary>
static class SimulationCommand
{
    const int ShortYields = 21;
    const int LongYields = 20_000;
    const int ShortRuns = 30_000;
    const int LongRuns = 20;
    const int HostRuns = 5_000;

    public static int Run(string[] args)
    {
        switch (args)
        {
            case []:
                return Measure(rounds: 7);
            case ["--rounds", var text] when int.TryParse(text, out int rounds) && rounds > 0:
                return Measure(rounds);
            default:
                Console.Error.WriteLine("simulation does not understand that; see --help.");
                return 2;
        }
    }

    static int Measure(int rounds)
    {
        SimulatedProgram.Measure(ShortYields, ShortRuns);
        SimulatedProgram.Measure(LongYields, LongRuns);
        var shorts = new List<SimulationSample>();
        var longs = new List<SimulationSample>();
        var hosts = new List<SimulationSample>();
        SimulatedProgram.MeasureHosts(HostRuns);
        for (int round = 0; round < rounds; round++)
        {
            shorts.Add(SimulatedProgram.Measure(ShortYields, ShortRuns));
            longs.Add(SimulatedProgram.Measure(LongYields, LongRuns));
            hosts.Add(SimulatedProgram.MeasureHosts(HostRuns));
        }

        SimulationSample one = shorts[0], other = longs[0];

        // What a run costs by itself falls out between runs of two lengths.
        double bytes = (((double)other.Bytes / other.Runs) - ((double)one.Bytes / one.Runs))
            / (((double)other.Decisions / other.Runs) - ((double)one.Decisions / one.Runs));
        Console.WriteLine($"Medians of {rounds} rounds, on one thread.");
        MarkdownTable.Print(
            Console.Out,
            [
                ["", "Heddle"],
                ["decisions a second, in runs of " + Text(other.Decisions / other.Runs), Text(Of(longs, sample => sample.Decisions / sample.Time.TotalSeconds))],
                ["whole runs a second, of 5 tasks and " + Text(one.Decisions / one.Runs) + " decisions", Text(Of(shorts, sample => sample.Runs / sample.Time.TotalSeconds))],
                ["whole runs a second, of two hosts that exchange 5 lines over a network with latency", Text(Of(hosts, sample => sample.Runs / sample.Time.TotalSeconds))],
                ["bytes a decision", bytes.ToString("0.000", CultureInfo.InvariantCulture)],
                ["bytes a run", Text((double)one.Bytes / one.Runs)],
            ]);
        return 0;
    }

    static double Of(List<SimulationSample> samples, Func<SimulationSample, double> figure) => Median.Of(samples.Select(sample => (double?)figure(sample)))!.Value;

    static string Text(double value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
