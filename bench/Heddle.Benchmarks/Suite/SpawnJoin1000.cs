namespace Heddle.Benchmarks.Suite;

public class SpawnJoin1000 : RowBenchmarks
{
    protected override string Row => "spawn_join_1000";
}
