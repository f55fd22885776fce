using Heddle.Tests.Executors;

namespace Heddle.Orleans.Tests;

/// <summary>What holds for every executor, with a silo in this process.</summary>
public sealed class InSiloOfThisProcess : ExecutorContractTests
{
    protected override bool CanStop => false;

    protected override IExecutor Make(int workers, int queueLimit, TimeSpan? grace) => new OrleansExecutor(
        new() { MaxConcurrency = workers, QueueLimit = queueLimit, StopGrace = grace ?? TimeSpan.FromMinutes(1) });
}
