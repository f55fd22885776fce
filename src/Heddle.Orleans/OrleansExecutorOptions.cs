using Orleans.Hosting;

namespace Heddle.Orleans;

/// <summary>How an <see cref="OrleansExecutor"/> works.</summary>
public sealed class OrleansExecutorOptions
{
    /// <summary>Names the executor in errors. Default: "orleans".</summary>
    public string Name { get; init; } = "orleans";

    /// <summary>
    /// Where the cluster keeps who belongs to it: the address of a Redis server, <c>host:port</c>, or any of StackExchange.Redis's configuration
    /// strings. Default: null, no cluster but a silo in this process.
    /// </summary>
    public string? Redis { get; init; }

    /// <summary>The cluster's name: several can share a Redis server. Default: "heddle".</summary>
    public string ClusterId { get; init; } = "heddle";

    /// <summary>
    /// How many calls this executor runs at once, however many workers the cluster has. A silo in this process has so many workers. Default: null,
    /// one for each processor in this process, and 256 in a cluster.
    /// </summary>
    public int? MaxConcurrency { get; init; }

    /// <summary>How many calls may wait besides <see cref="MaxConcurrency"/>; one more gets an <see cref="ExecutorFullException"/>. Default: no limit.</summary>
    public int QueueLimit { get; init; } = int.MaxValue;

    /// <summary>
    /// How often a call may lose its silo before it fails with a <see cref="SiloDiedException"/>. With 1 a function runs at most once; with more, at
    /// least once if its call succeeds, as it may have run, or begun to, on a silo that died or gave up the call. Default: 3.
    /// </summary>
    public int MaxAttempts { get; init; } = 3;

    /// <summary>
    /// How long a function that takes a token has to stop once its call is cancelled, before it is abandoned. Default: five seconds. Any other is
    /// abandoned as soon as its silo says that it runs on.
    /// </summary>
    public TimeSpan StopGrace { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How long the first call waits for a silo of the cluster; and how long none may be in reach before all that run calls are taken for dead.
    /// Default: half a minute.
    /// </summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Changes Orleans's client before it connects, for instance to use TLS. Default: none. Not called for a silo in this process.</summary>
    public Action<IClientBuilder>? ConfigureClient { get; init; }

    internal int Concurrency => MaxConcurrency ?? (Redis is null ? Environment.ProcessorCount : 256);
}
