using Orleans;

namespace Heddle.Orleans;

/// <summary>What a silo says of a call.</summary>
/// <param name="State">How far it is.</param>
/// <param name="Reply">From the worker, if it is done.</param>
[GenerateSerializer]
[Immutable]
[Alias("Heddle.CallReply")]
internal readonly record struct CallReply([property: Id(0)] CallState State, [property: Id(1)] byte[]? Reply = null);

/// <summary>How far a call is on a silo.</summary>
[GenerateSerializer]
[Alias("Heddle.CallState")]
internal enum CallState
{
    /// <summary>It waits for a worker, or runs.</summary>
    UnderWay,

    /// <summary>Its function has ended.</summary>
    Done,

    /// <summary>It was asked to stop before it ran.</summary>
    Dropped,

    /// <summary>It has not run, and will not: the silo is about to end.</summary>
    Refused,

    /// <summary>Its function has ended, and has returned more than can be sent.</summary>
    TooLarge,

    /// <summary>The silo does not have it, or no longer.</summary>
    Unknown,
}
