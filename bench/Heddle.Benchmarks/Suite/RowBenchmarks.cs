using BenchmarkDotNet.Attributes;
using Heddle.Benchmarks.Rows;
using Heddle.Benchmarks.Sides;

namespace Heddle.Benchmarks.Suite;

/// <summary>One row on every side that runs in a .NET process; the same code as the quick table runs.</summary>
[MemoryDiagnoser]
public abstract class RowBenchmarks
{
    const int Operations = 100_000;

    Func<Load, Sample> _heddle = null!;
    Func<Load, Sample> _task = null!;
    Func<Load, Sample> _pool = null!;

    protected abstract string Row { get; }

    [GlobalSetup]
    public void FindRows()
    {
        _heddle = AllSides.Find("heddle", Row);
        _task = AllSides.Find("task", Row);
        _pool = AllSides.Find("pool", Row);
    }

    [Benchmark(OperationsPerInvoke = Operations)]
    public void Heddle() => _heddle(new Load(Operations));

    [Benchmark(OperationsPerInvoke = Operations, Baseline = true)]
    public void TaskOnOneThread() => _task(new Load(Operations));

    [Benchmark(OperationsPerInvoke = Operations)]
    public void TaskOnPool() => _pool(new Load(Operations));
}
