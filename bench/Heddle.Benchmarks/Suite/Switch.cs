namespace Heddle.Benchmarks.Suite;

public class Switch : RowBenchmarks
{
    protected override string Row => "switch";
}
