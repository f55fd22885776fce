using Orleans;
using Orleans.Concurrency;
using Orleans.GrainDirectory;

namespace Heddle.Orleans;

/// <summary>The door to a silo's calls. It has no state: the calls outlive it.</summary>
[Reentrant]
[KeyedPlacement]
[GrainDirectory(KeyedPlacement.Directory)]
internal sealed class WorkerGrain(SiloCalls calls) : Grain, IWorkerGrain
{
    public Task<int> CountWorkersAsync() => Task.FromResult(calls.Workers);

    public Task<CallReply> RunAsync(Guid call, byte[]? request) => calls.RunAsync(call, request);

    public Task<bool> StopAsync(Guid call) => calls.StopAsync(call);

    public Task ForgetAsync(Guid call)
    {
        calls.Forget(call);
        return Task.CompletedTask;
    }
}
