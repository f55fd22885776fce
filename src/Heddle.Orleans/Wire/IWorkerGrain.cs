using Orleans;
using Orleans.Concurrency;

namespace Heddle.Orleans;

/// <summary>The workers of one silo. Its key is the silo's address, so it is always there and nowhere else.</summary>
[Alias("Heddle.IWorkerGrain")]
internal interface IWorkerGrain : IGrainWithStringKey
{
    /// <summary>How many calls the silo runs at once.</summary>
    [Alias("CountWorkers")]
    Task<int> CountWorkersAsync();

    /// <summary>
    /// Runs a call, or waits for one that the silo has already: asked again, it never runs twice. Answers in a few seconds at the latest, so that
    /// who asks notices when it is not answered any more.
    /// </summary>
    /// <param name="call">The call's identity.</param>
    /// <param name="request">What is run; null from who knows that the silo has it.</param>
    [Alias("Run")]
    Task<CallReply> RunAsync(Guid call, [Immutable] byte[]? request);

    /// <summary>Asks a call to stop. One that does not run yet never will.</summary>
    /// <returns>Whether it runs on for the time being.</returns>
    [Alias("Stop")]
    Task<bool> StopAsync(Guid call);

    /// <summary>The result has arrived, so the silo need not keep it.</summary>
    [OneWay]
    [Alias("Forget")]
    Task ForgetAsync(Guid call);
}
