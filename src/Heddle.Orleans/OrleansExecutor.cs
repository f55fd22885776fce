using Heddle.LowLevel;

namespace Heddle.Orleans;

/// <summary>Runs functions on the silos of an Orleans cluster, for what outgrows one machine; with nothing configured, on a silo in this process.</summary>
/// <remarks>
/// <para>
/// The silos run <c>heddle-silo</c>, or a program of one's own with a <see cref="WorkerSilo"/>, and have the assembly that the functions are in. As for
/// processes, a function is a static method or a lambda that captures nothing, and its arguments and its result are data (see <see cref="WorkItem"/>).
/// A call goes to the silo that is least busy for its size, and no silo gets more calls from an executor than it has workers; a silo that joins gets
/// some at once. The rest waits here.
/// </para>
/// <para>
/// A result is delivered once. A function runs at least once: when its silo dies, it is sent to another, up to
/// <see cref="OrleansExecutorOptions.MaxAttempts"/> times; set that to 1 and it runs at most once, and the call fails with a
/// <see cref="SiloDiedException"/>. When no silo is left, calls wait until one joins: bound them by a scope's timeout.
/// </para>
/// <para>
/// When a call is cancelled, a function that takes a token is asked to stop and waited for. Any other is abandoned, and so is one that does not
/// stop in <see cref="OrleansExecutorOptions.StopGrace"/>: it runs on and holds its worker, is reported, and its result is dropped.
/// </para>
/// </remarks>
public sealed class OrleansExecutor : RemoteExecutor
{
    private readonly OrleansExecutorOptions _options;
    private IConnection? _connection;
    private ClusterWatch? _cluster;

    /// <summary>An executor that has not connected yet: the first call does that.</summary>
    /// <param name="options">Null for the defaults: a silo in this process.</param>
    public OrleansExecutor(OrleansExecutorOptions? options = null)
        : base((options ??= new()).Name, options.Concurrency, options.QueueLimit, options.StopGrace)
    {
        ArgumentException.ThrowIfNullOrEmpty(options.ClusterId, nameof(options));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.MaxAttempts, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(options.ConnectTimeout, TimeSpan.Zero, nameof(options));
        _options = options;
    }

    /// <inheritdoc/>
    protected override async Task OpenAsync(CancellationToken cancellationToken)
    {
        try
        {
            _connection = _options.Redis is null
                ? await LocalConnection.OpenAsync(_options, cancellationToken).ConfigureAwait(false)
                : await ClientConnection.OpenAsync(_options, cancellationToken).ConfigureAwait(false);
            _cluster = new(_connection, _options.ConnectTimeout, SetWorkers, CountLostWorkers);
            if (!await _cluster.StartAsync(cancellationToken).ConfigureAwait(false))
            {
                throw ClusterUnreachableException.For(_options, cause: null);
            }
        }
        catch
        {
            await CloseAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <inheritdoc/>
    protected override Task<byte[]> SendAsync(RemoteCall call) => new Delivery(_cluster!, Name, _options.MaxAttempts, call).RunAsync();

    /// <inheritdoc/>
    protected override async Task CloseAsync()
    {
        if (_cluster is { } cluster)
        {
            _cluster = null;
            await cluster.DisposeAsync().ConfigureAwait(false);
        }

        if (_connection is { } connection)
        {
            _connection = null;
            await connection.DisposeAsync().ConfigureAwait(false);
        }
    }
}
