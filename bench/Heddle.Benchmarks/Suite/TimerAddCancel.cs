using BenchmarkDotNet.Attributes;
using Heddle.Benchmarks.Sides.OnHeddle;
using Heddle.Benchmarks.Sides.OnTask;
using Heddle.LowLevel;

namespace Heddle.Benchmarks.Suite;

/// <summary>Adds and cancels one timer among a million live ones, which outlive the invocations.</summary>
[MemoryDiagnoser]
public class TimerAddCancel
{
    const int Operations = 100_000;
    const int Live = 1_000_000;

    readonly EventLoopThread _thread = new();
    Timer[] _timers = null!;
    LoopTimer[] _loopTimers = null!;

    [GlobalSetup(Target = nameof(Heddle))]
    public void AddLoopTimers() => _loopTimers = _thread.RunAsync(LoopTimersAsync).Result;

    [GlobalSetup(Target = nameof(Task))]
    public void AddTimers() => _timers = TaskTimer.AddLive(Live);

    [GlobalCleanup]
    public void Stop()
    {
        _thread.Dispose();
        GC.KeepAlive(_timers);
        GC.KeepAlive(_loopTimers);
    }

    [Benchmark(OperationsPerInvoke = Operations)]
    public void Heddle() => _thread.RunAsync(static () => HeddleTimer.AddAndCancelAsync(Operations)).Wait();

    [Benchmark(OperationsPerInvoke = Operations, Baseline = true)]
    public void Task() => TaskTimer.AddAndCancelAsync(Operations).Wait();

#pragma warning disable CS1998 // has to run on the loop, and awaits nothing there
    static async Coroutine<LoopTimer[]> LoopTimersAsync() => HeddleTimer.AddLive(Live);
#pragma warning restore CS1998
}
