using System.Net;
using System.Net.Sockets;
using Heddle.LowLevel;

namespace Heddle;

/// <summary>Connects to the first of several addresses that answers, without waiting long for those that do not (RFC 8305).</summary>
/// <remarks>The next attempt begins when one has failed, or has had its time, beside it. The first connection wins; all other sockets are closed.</remarks>
internal sealed class HappyEyeballs
{
    private readonly DnsEndPoint _remote;
    private readonly IReadOnlyList<IPEndPoint> _addresses;
    private readonly ConnectOptions _options;
    private readonly INetworkPoller _poller = EventLoop.Current.Network;
    private readonly AsyncAutoResetEvent _attemptFailed = new();
    private readonly List<ConnectionException> _failures = [];
    private StreamTransport? _winner;

    private HappyEyeballs(DnsEndPoint remote, IReadOnlyList<IPEndPoint> addresses, ConnectOptions options)
    {
        _remote = remote;
        _addresses = addresses;
        _options = options;
    }

    internal static async Coroutine<StreamTransport> ConnectAsync(DnsEndPoint remote, ConnectOptions options)
    {
        var addresses = await NameResolution.ResolveAsync(remote, options);
        return await new HappyEyeballs(remote, addresses, options).RunAsync();
    }

    private async Coroutine<StreamTransport> RunAsync()
    {
        try
        {
            await TaskGroup.RunAsync(TryAllAsync);
        }
        catch
        {
            // The scope was cancelled just when one had connected.
            _winner?.Dispose();
            throw;
        }

        return _winner ?? throw AllFailed();
    }

    private async Coroutine TryAllAsync(TaskGroup group)
    {
        foreach (var address in _addresses)
        {
            _ = group.Start(TryAsync(address, group), $"connecting to {address}");
            await CancelScope.MoveOnAfterAsync(_options.AttemptDelay, _ => _attemptFailed.WaitAsync());
        }
    }

    private async Coroutine TryAsync(IPEndPoint address, TaskGroup group)
    {
        StreamTransport transport;
        try
        {
            transport = await _poller.ConnectAsync(address, _options.Socket);
        }
        catch (ConnectionException failure)
        {
            _failures.Add(failure);
            _attemptFailed.Set();
            return;
        }

        if (_winner is not null)
        {
            transport.Dispose();
            return;
        }

        _winner = transport;
        group.Cancel("another address has answered");
    }

    private ConnectionException AllFailed()
    {
        if (_failures.Count == 0)
        {
            // Somebody has looked for tasks of the loop, and cancelled those that tried.
            return new(
                $"Connecting to {IoFailures.Name(_remote)} was given up at each of its addresses: the task that tried was cancelled, by LoopTask.Cancel, and not its caller.",
                SocketError.OperationAborted, _remote, null);
        }

        if (_failures.Count == 1 && IPAddress.TryParse(_remote.Host, out _))
        {
            return _failures[0];
        }

        var causes = string.Join("; ", _failures.Select(failure => $"{failure.EndPoint}: {IoFailures.Cause(failure.ErrorCode)}"));
        return new($"Connecting to {IoFailures.Name(_remote)} failed at each of its addresses. {causes}.", _failures[0].ErrorCode, _remote, _failures[0]);
    }
}
