using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;
using Orleans.Serialization;

namespace Heddle.Orleans;

/// <summary>A host that leaves the program its signals, its settings and its console.</summary>
internal static class QuietHost
{
    /// <summary>How many bytes arguments or a result may have.</summary>
    internal const int MaxPayload = 256 << 20;

    private const int Envelope = 1 << 20;

    internal static HostApplicationBuilder CreateBuilder()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        builder.Services.AddSerializer(serializer => serializer.AddAssembly(typeof(QuietHost).Assembly));
        return builder;
    }

    internal static void Configure(MessagingOptions messaging)
    {
        messaging.ResponseTimeout = 3 * SiloCalls.PollTime;
        messaging.MaxMessageBodySize = MaxPayload + Envelope;
    }

    internal static async ValueTask CloseAsync(IHost host)
    {
        try
        {
            await host.StopAsync().ConfigureAwait(false);
        }
        finally
        {
            await ((IAsyncDisposable)host).DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Lets go of what did not start. How it ends is of no interest beside why it did not.</summary>
    internal static async Task DiscardAsync(IHost host)
    {
        try
        {
            await CloseAsync(host).ConfigureAwait(false);
        }
        catch (Exception)
        {
            // As said.
        }
    }

    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
