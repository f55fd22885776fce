using System.Net;

namespace Heddle.Benchmarks.HttpGet;

/// <summary>One client with its transport: the key that the command line knows it by, a title, and the load that it makes.</summary>
sealed record Client(string Key, string Title, Func<Plan, Result> Run);

static class Clients
{
    /// <summary>The first is what the others are compared with.</summary>
    public static readonly Client[] All =
    [
        new("loop-bcl", "LoopHttpClient, BCL's transport", plan => LoopLoad.Run(plan, new() { Transport = HttpTransport.System })),
        new("loop", "LoopHttpClient, the loop's sockets", plan => LoopLoad.Run(plan, new())),
        new("pool-bcl", "HttpClient, thread pool", plan => PoolLoad.Run(plan, BclHandler())),
    ];

    /// <summary>The BCL's own transport, set as <see cref="LoopHttpOptions"/> with no proxy set it.</summary>
    static SocketsHttpHandler BclHandler() => new()
    {
        AutomaticDecompression = DecompressionMethods.All,
        MaxAutomaticRedirections = 20,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        MaxResponseDrainSize = 0,
        UseProxy = false,
    };
}
