namespace Heddle.Benchmarks.Rows;

static class Delays
{
    /// <summary>Ten minutes to seventy, the same scattered order on every side.</summary>
    public static TimeSpan At(int index) => TimeSpan.FromSeconds(600 + index * 7919L % 3600);
}
