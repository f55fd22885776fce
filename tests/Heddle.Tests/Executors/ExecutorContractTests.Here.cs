namespace Heddle.Tests.Executors;

/// <content>The executors of Heddle itself. Others link the other files of this class.</content>
public abstract partial class ExecutorContractTests
{
    public sealed class OnThreads : ExecutorContractTests
    {
        protected override bool CanStop => false;

        protected override bool IsSent => false;

        protected override IExecutor Make(int workers, int queueLimit, TimeSpan? grace) => new ThreadExecutor(
            new() { MaxThreads = workers, QueueLimit = queueLimit, StopGrace = grace ?? TimeSpan.FromMinutes(1) });
    }

    public sealed class InProcesses : ExecutorContractTests
    {
        protected override bool CanStop => true;

        protected override IExecutor Make(int workers, int queueLimit, TimeSpan? grace) => new ProcessExecutor(
            new() { MaxWorkers = workers, QueueLimit = queueLimit, StopGrace = grace ?? TimeSpan.FromMinutes(1) });
    }

    public sealed class OverBytes : ExecutorContractTests
    {
        protected override bool CanStop => false;

        protected override IExecutor Make(int workers, int queueLimit, TimeSpan? grace)
            => new LoopbackExecutor(workers, queueLimit, grace ?? TimeSpan.FromMinutes(1));
    }
}
