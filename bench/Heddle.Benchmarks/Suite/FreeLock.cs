namespace Heddle.Benchmarks.Suite;

public class FreeLock : RowBenchmarks
{
    protected override string Row => "free_lock";
}
