using System.Net;
using Orleans.Hosting;

namespace Heddle.Orleans;

/// <summary>How a <see cref="WorkerSilo"/> works.</summary>
public sealed class WorkerSiloOptions
{
    /// <summary>As <see cref="OrleansExecutorOptions.Redis"/>. Default: null, a cluster of this one silo, which only this process uses.</summary>
    public string? Redis { get; init; }

    /// <summary>The cluster's name: several can share a Redis server. Default: "heddle".</summary>
    public string ClusterId { get; init; } = "heddle";

    /// <summary>By which of its addresses other machines reach this one. Default: the loopback address, so only programs of this machine do.</summary>
    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <summary>The port for other silos. Default: 0, any that is free.</summary>
    public int SiloPort { get; init; }

    /// <summary>The port for executors. Default: 0, any that is free.</summary>
    public int GatewayPort { get; init; }

    /// <summary>How many calls run at once. Default: one for each processor.</summary>
    public int Workers { get; init; } = Environment.ProcessorCount;

    /// <summary>Whether the silo calls only functions that were registered here with <see cref="WorkRegistry"/>, and no others that a caller names. Default: false.</summary>
    public bool OnlyRegistered { get; init; }

    /// <summary>How long functions may still run when the silo is disposed of. Default: half a minute. What then runs is lost, as with a silo that dies.</summary>
    public TimeSpan LeaveGrace { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How long nothing may be heard of who has made a call, before it is given up: it does not run any more, and a function that takes a token is asked to
    /// stop. At least fifteen seconds, as callers ask every five. Default: a minute.
    /// </summary>
    public TimeSpan CallerTimeout { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Changes Orleans's silo before it starts, for instance to log or to use TLS. Default: none.</summary>
    public Action<ISiloBuilder>? ConfigureSilo { get; init; }

    internal void Validate(string parameter)
    {
        ArgumentException.ThrowIfNullOrEmpty(ClusterId, parameter);
        ArgumentNullException.ThrowIfNull(Address, parameter);
        ArgumentOutOfRangeException.ThrowIfNegative(SiloPort, parameter);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(SiloPort, IPEndPoint.MaxPort, parameter);
        ArgumentOutOfRangeException.ThrowIfNegative(GatewayPort, parameter);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(GatewayPort, IPEndPoint.MaxPort, parameter);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(Workers, parameter);
        ArgumentOutOfRangeException.ThrowIfLessThan(LeaveGrace, TimeSpan.Zero, parameter);
        ArgumentOutOfRangeException.ThrowIfLessThan(CallerTimeout, 3 * SiloCalls.PollTime, parameter);
    }
}
