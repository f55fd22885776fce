using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans;
using Orleans.Configuration;
using Orleans.Hosting;
using StackExchange.Redis;

namespace Heddle.Orleans;

/// <summary>The way to a cluster's grains.</summary>
internal interface IConnection : IAsyncDisposable
{
    IGrainFactory Grains { get; }

    /// <summary>Whether silos come and go.</summary>
    bool CanChange { get; }
}

/// <summary>To a silo in this process.</summary>
internal sealed class LocalConnection(WorkerSilo silo) : IConnection
{
    public IGrainFactory Grains => silo.Grains;

    public bool CanChange => false;

    public ValueTask DisposeAsync() => silo.DisposeAsync();

    internal static async Task<IConnection> OpenAsync(OrleansExecutorOptions options, CancellationToken cancellationToken)
        => new LocalConnection(await WorkerSilo.StartAsync(
            new() { ClusterId = options.ClusterId, Workers = options.Concurrency, LeaveGrace = TimeSpan.Zero }, cancellationToken).ConfigureAwait(false));
}

/// <summary>To the silos of a cluster, by their gateways.</summary>
internal sealed class ClientConnection(IHost host) : IConnection
{
    private static readonly TimeSpan s_retryPause = TimeSpan.FromMilliseconds(500);

    public IGrainFactory Grains { get; } = host.Services.GetRequiredService<IClusterClient>();

    public bool CanChange => true;

    /// <summary>Tries until there is a server, and a silo, or it is too late.</summary>
    internal static async Task<IConnection> OpenAsync(OrleansExecutorOptions options, CancellationToken cancellationToken)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(options.ConnectTimeout);
        Exception? cause = null;
        while (true)
        {
            var host = Build(options);
            try
            {
                await host.StartAsync(timeout.Token).ConfigureAwait(false);
                return new ClientConnection(host);
            }
            catch (Exception failure)
            {
                await QuietHost.DiscardAsync(host).ConfigureAwait(false);
                cancellationToken.ThrowIfCancellationRequested();
                cause = failure is OperationCanceledException ? cause : failure;
                if (timeout.IsCancellationRequested)
                {
                    throw ClusterUnreachableException.For(options, cause);
                }
            }

            await Task.Delay(s_retryPause, timeout.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public ValueTask DisposeAsync() => QuietHost.CloseAsync(host);

    private static IHost Build(OrleansExecutorOptions options)
    {
        var builder = QuietHost.CreateBuilder();
        builder.UseOrleansClient(client =>
        {
            client.Configure<ClusterOptions>(cluster => cluster.ServiceId = cluster.ClusterId = options.ClusterId);
            client.Configure<ClientMessagingOptions>(QuietHost.Configure);
            client.Configure<GatewayOptions>(gateways => gateways.GatewayListRefreshPeriod = TimeSpan.FromSeconds(1));
            client.UseRedisClustering(redis => redis.ConfigurationOptions = ConfigurationOptions.Parse(options.Redis!));
            options.ConfigureClient?.Invoke(client);
        });
        return builder.Build();
    }
}
