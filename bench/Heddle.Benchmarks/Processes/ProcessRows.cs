using Heddle.Benchmarks.Rows;

namespace Heddle.Benchmarks.Processes;

/// <summary>The lines of the processes' table.</summary>
static class ProcessRows
{
    public const string Program = "/bin/true";

    public static readonly CoreRow One = new("one", "start /bin/true and wait for it, one after the other");
    public static readonly CoreRow Sixteen = new("sixteen", "the same, sixteen at a time");
    public static readonly CoreRow Output = new("output", "start /bin/echo and read what it writes");

    public static readonly CoreRow[] All = [One, Sixteen, Output];

    /// <summary>So many take about a second.</summary>
    public static readonly Load Measured = new(1000);

    public static readonly Load WarmUp = new(160);
}
