using Orleans;

namespace Heddle.Orleans;

/// <summary>Which silos the cluster has, as the silo that is asked sees it.</summary>
[Alias("Heddle.IRosterGrain")]
internal interface IRosterGrain : IGrainWithIntegerKey
{
    [Alias("Get")]
    Task<SiloEntry[]> GetAsync();
}

/// <summary>A silo that has not died.</summary>
/// <param name="Silo">Its address.</param>
/// <param name="IsActive">Whether it takes calls: not before it has joined, nor once it is about to leave.</param>
[GenerateSerializer]
[Immutable]
[Alias("Heddle.SiloEntry")]
internal readonly record struct SiloEntry([property: Id(0)] string Silo, [property: Id(1)] bool IsActive);
