using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Runtime.Hosting;
using StackExchange.Redis;

namespace Heddle.Orleans;

/// <summary>Puts a silo together.</summary>
internal static class SiloHost
{
    internal static IHost Build(WorkerSiloOptions options, SiloPorts ports, SiloCalls calls)
    {
        var builder = QuietHost.CreateBuilder();
        builder.UseOrleans(silo =>
        {
            silo.Configure<ClusterOptions>(cluster => cluster.ServiceId = cluster.ClusterId = options.ClusterId);
            silo.Configure<SiloMessagingOptions>(QuietHost.Configure);
            silo.Configure<ClusterMembershipOptions>(Configure);
            silo.ConfigureEndpoints(options.Address, ports.Silo, ports.Gateway);
            if (options.Redis is null)
            {
                silo.UseDevelopmentClustering(new IPEndPoint(options.Address, ports.Silo));
            }
            else
            {
                silo.UseRedisClustering(redis => redis.ConfigurationOptions = ConfigurationOptions.Parse(options.Redis));
            }

            silo.AddGrainDirectory(KeyedPlacement.Directory, static (_, _) => new NoDirectory());
            silo.Services.AddPlacementDirector<KeyedPlacement, KeyedPlacementDirector>();
            silo.Services.AddSingleton(calls);
            options.ConfigureSilo?.Invoke(silo);
        });
        return builder.Build();
    }

    /// <summary>A silo that has died is to be found out in seconds: its calls wait for that.</summary>
    private static void Configure(ClusterMembershipOptions membership)
    {
        membership.ProbeTimeout = TimeSpan.FromSeconds(2);
        membership.MaxProbeTimeout = TimeSpan.FromSeconds(4);
        membership.NumMissedProbesLimit = 3;
        membership.TableRefreshTimeout = TimeSpan.FromSeconds(10);
        membership.IAmAliveTablePublishTimeout = TimeSpan.FromSeconds(5);
    }
}
