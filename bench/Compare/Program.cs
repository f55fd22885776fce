using System.Globalization;
using Heddle.Benchmarks.Compare;

// Two builds in one process, in pairs that alternate, and the first of them once more beside itself: what that shows is what the
// machine and the JIT compiler do to one and the same code, and only what lies outside of it says something about the change.
if (args is not [var beforeFolder, var afterFolder, .. var wanted])
{
    Console.Error.WriteLine("Compare BEFORE AFTER [ROW ...]: two folders that bench/Heddle.Benchmarks was built into. bench/compare.sh makes both.");
    return 2;
}

const int Pairs = 120;
const int WarmUps = 60;
const double Allowed = 1.05;
var before = new Build(beforeFolder);
var after = new Build(afterFolder);
var again = new Build(beforeFolder);
Build[] builds = [before, after, again];
bool isSlower = false;
Console.WriteLine("| row | before, ns | after, ns | after : before | before : itself | bytes before | bytes after | |");
Console.WriteLine("| --- | ---: | ---: | ---: | ---: | ---: | ---: | --- |");
foreach (string row in before.Rows.Where(row => wanted.Length == 0 || wanted.Contains(row)))
{
    // Each measurement takes some milliseconds; what keeps a million timers or sleepers alive takes longer, and is done less often.
    bool isHeavy = row is "timer" or "sleeping_task";
    double share = row == "sleeping_task" ? 1 : row == "timer" ? 0.2 : 0.02;
    for (int i = 0; i < (isHeavy ? 4 : WarmUps); i++)
    {
        foreach (Build build in builds)
            build.Measure(row, share);
        if (i % 20 == 0)
            Thread.Sleep(200);
    }

    var samples = builds.ToDictionary(build => build, _ => new List<(double Nanoseconds, double Bytes)>());
    for (int pair = 0; pair < (isHeavy ? Pairs / 8 : Pairs); pair++)
    {
        for (int i = 0; i < builds.Length; i++)
        {
            Build build = builds[(pair + i) % builds.Length];
            samples[build].Add(build.Measure(row, share));
        }
    }

    double change = Ratio(samples[before], samples[after]);
    double noise = Ratio(samples[before], samples[again]);
    double limit = Allowed * Math.Max(noise, 1 / noise);
    bool slower = change > limit;
    isSlower |= slower;
    Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"| {row} | {Median(samples[before].Select(one => one.Nanoseconds)):0.0} | {Median(samples[after].Select(one => one.Nanoseconds)):0.0} "
        + $"| {change:0.000} | {noise:0.000} | {Median(samples[before].Select(one => one.Bytes)):0.0} | {Median(samples[after].Select(one => one.Bytes)):0.0} "
        + $"| {(slower ? "SLOWER" : "")} |"));
}

return isSlower ? 1 : 0;

// The pairs' own ratios, so that a slow moment falls on both.
static double Ratio(List<(double Nanoseconds, double Bytes)> one, List<(double Nanoseconds, double Bytes)> other) =>
    one[0].Nanoseconds == 0 ? Median(other.Select(sample => sample.Bytes)) / Median(one.Select(sample => sample.Bytes))
    : Median(one.Zip(other, (first, second) => second.Nanoseconds / first.Nanoseconds));

static double Median(IEnumerable<double> values)
{
    double[] sorted = [.. values.Order()];
    return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
}
