namespace Heddle.Benchmarks.Suite;

public class QueueHop : RowBenchmarks
{
    protected override string Row => "queue_hop";
}
