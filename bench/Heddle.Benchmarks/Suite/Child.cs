namespace Heddle.Benchmarks.Suite;

public class Child : RowBenchmarks
{
    protected override string Row => "child";
}
