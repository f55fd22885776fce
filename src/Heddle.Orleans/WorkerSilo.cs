using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans;

namespace Heddle.Orleans;

/// <summary>A silo that runs the calls of <see cref="OrleansExecutor"/>s: what <c>heddle-silo</c> is made of, for a program of one's own.</summary>
/// <remarks>
/// Functions run on threads of the silo's own, <see cref="WorkerSiloOptions.Workers"/> at once. They are found in the assemblies that this program can
/// load, which must be the same builds as the callers'; those that were registered with <see cref="WorkRegistry"/> by their names. It needs no loop. Any thread.
/// </remarks>
public sealed class WorkerSilo : IAsyncDisposable
{
    private const int MaxTries = 5;

    private readonly WorkerSiloOptions _options;
    private readonly IHost _host;
    private readonly SiloCalls _calls;
    private int _isDisposed;

    private WorkerSilo(WorkerSiloOptions options, IHost host, SiloCalls calls, IPEndPoint endPoint)
    {
        _options = options;
        _host = host;
        _calls = calls;
        EndPoint = endPoint;
        Grains = host.Services.GetRequiredService<IGrainFactory>();
    }

    /// <summary>Where other silos reach it; its name in the cluster.</summary>
    public IPEndPoint EndPoint { get; }

    /// <summary>How many calls run at once.</summary>
    public int Workers => _options.Workers;

    internal IGrainFactory Grains { get; }

    /// <summary>Starts a silo and has it join its cluster.</summary>
    /// <param name="options">Null for the defaults: a cluster of its own.</param>
    /// <param name="cancellationToken">Gives up the start.</param>
    /// <exception cref="IOException">Another program has one of the ports.</exception>
    public static async Task<WorkerSilo> StartAsync(WorkerSiloOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= new();
        options.Validate(nameof(options));
        for (var tries = 1; ; tries++)
        {
            var ports = SiloPorts.Choose(options);
            try
            {
                return await StartAsync(options, ports, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception failure) when (SiloPorts.AreTaken(failure))
            {
                // Another program may just have been faster with one that was free.
                if (!ports.AreAny || tries == MaxTries)
                {
                    throw new IOException(
                        $"A silo could not start, as another program has port {ports.Silo}{(ports.Gateway > 0 ? $" or {ports.Gateway}" : "")} of {options.Address}. "
                        + "End that, or choose other ports; with 0 for both, free ones are found.",
                        failure);
                }
            }
        }
    }

    /// <summary>
    /// Leaves the cluster: takes no more calls, gives those back that wait, and lets functions that run end within
    /// <see cref="WorkerSiloOptions.LeaveGrace"/>.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) == 0)
        {
            await _calls.LeaveAsync(_options.LeaveGrace).ConfigureAwait(false);
            _calls.Dispose();
            await QuietHost.CloseAsync(_host).ConfigureAwait(false);
        }
    }

    private static async Task<WorkerSilo> StartAsync(WorkerSiloOptions options, SiloPorts ports, CancellationToken cancellationToken)
    {
        var calls = new SiloCalls(options.Workers, options.CallerTimeout, options.OnlyRegistered);
        var host = SiloHost.Build(options, ports, calls);
        try
        {
            await host.StartAsync(cancellationToken).ConfigureAwait(false);
            return new(options, host, calls, new(options.Address, ports.Silo));
        }
        catch
        {
            calls.Dispose();
            await QuietHost.DiscardAsync(host).ConfigureAwait(false);
            throw;
        }
    }
}
