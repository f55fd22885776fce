using System.Net;
using System.Net.Sockets;
using Heddle.LowLevel;

namespace Heddle;

/// <summary>Has a loop connect on behalf of another thread.</summary>
internal sealed class ConnectCall : ILoopItem
{
    private static readonly ConnectOptions s_options = new();

    private readonly TaskCompletionSource<StreamTransport> _made = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly EventLoop _loop;
    private readonly DnsEndPoint _to;
    private readonly Exchange? _exchange;
    private readonly CancellationToken _token;

    private ConnectCall(EventLoop loop, DnsEndPoint to, Exchange? exchange, CancellationToken token)
    {
        _loop = loop;
        _to = to;
        _exchange = exchange;
        _token = token;
    }

    public ExecutionContext? Context => _exchange?.Context;

    public long Place => _exchange?.FirstPlace ?? ILoopItem.NoPlace;

    /// <summary>Any thread but the loop's; goes on where the thread pool pleases.</summary>
    /// <exception cref="SocketException">There is no such name, nobody answers there, or the loop has ended.</exception>
    /// <param name="loop">Whose network it is.</param>
    /// <param name="to">Where to.</param>
    /// <param name="exchange">For which; null for one that the handler makes by itself.</param>
    /// <param name="token">Gives it up.</param>
    internal static Task<StreamTransport> RunAsync(EventLoop loop, DnsEndPoint to, Exchange? exchange, CancellationToken token)
    {
        var call = new ConnectCall(loop, to, exchange, token);
        loop.SubmitFromOutside(call);
        return call._made.Task;
    }

    public void Drop() => _made.SetException(new SocketException((int)SocketError.OperationAborted));

    public void Run()
    {
        if (_loop.RootSet.ClosedBecause is null)
        {
            _loop.RootSet.Start(new ConnectTask(_to), ConnectAsync().Take());
        }
        else
        {
            Drop();
            _loop.AwaitHttp();
        }
    }

    private async Coroutine ConnectAsync()
    {
        try
        {
            _made.SetResult(await CancelScope.WithTokenAsync(_token, _ => HappyEyeballs.ConnectAsync(_to, s_options)));
        }
        catch (ConnectionException failure)
        {
            // The handler knows a name that has no address by this type.
            _made.SetException(new SocketException((int)failure.ErrorCode, failure.Message));
        }
        catch (ScopeCanceledException)
        {
            Drop();
            throw;
        }
        catch (Exception failure)
        {
            _made.SetException(failure);
        }
        finally
        {
            _loop.AwaitHttp();
        }
    }

    /// <summary>Nobody has started it, so nobody is told of it when the loop ends before it.</summary>
    private sealed class ConnectTask(DnsEndPoint to) : LoopTask($"connecting to {to.Host}:{to.Port}")
    {
        internal override bool IsImplicit => true;
    }
}
