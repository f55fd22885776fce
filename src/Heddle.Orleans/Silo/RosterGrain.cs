using Orleans;
using Orleans.Concurrency;
using Orleans.Runtime;

namespace Heddle.Orleans;

[StatelessWorker(1)]
internal sealed class RosterGrain(IClusterMembershipService membership) : Grain, IRosterGrain
{
    public Task<SiloEntry[]> GetAsync() => Task.FromResult(membership.CurrentSnapshot.Members.Values
        .Where(member => member.Status is not (SiloStatus.Dead or SiloStatus.None))
        .Select(member => new SiloEntry(member.SiloAddress.ToParsableString(), member.Status == SiloStatus.Active))
        .ToArray());
}
