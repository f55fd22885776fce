namespace Heddle.Benchmarks.Suite;

public class SwitchAmong100 : RowBenchmarks
{
    protected override string Row => "switch_100";
}
