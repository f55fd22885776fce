using Heddle.LowLevel;

namespace Heddle;

/// <summary>A call as a loop's own runner of threads gets it.</summary>
internal sealed class CallForThreads<TResult>(WorkItem<TResult> work, ExecutorCalls calls, WorkerThreads threads) : ThreadWork<TResult>
{
    public override object Threads => threads;

    public override int MaxThreads => threads.Max;

    public override bool TakesToken => work.TakesToken;

    public override IDisposable Enter(Action<Exception> giveUp) => calls.Enter(work, giveUp);

    public override TResult Invoke() => work.Invoke();

    public override void BeginAbandoned() => calls.BeginAbandoned(work);

    public override void EndAbandoned(Exception? failure) => calls.EndAbandoned(work, failure);
}
