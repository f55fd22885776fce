namespace Heddle.Benchmarks.Suite;

public class SpawnJoin : RowBenchmarks
{
    protected override string Row => "spawn_join";
}
