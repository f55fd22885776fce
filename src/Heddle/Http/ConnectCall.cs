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
    private readonly CancellationToken _token;

    private ConnectCall(EventLoop loop, DnsEndPoint to, CancellationToken token)
    {
        _loop = loop;
        _to = to;
        _token = token;
    }

    /// <summary>Any thread but the loop's; goes on where the thread pool pleases.</summary>
    /// <exception cref="SocketException">There is no such name, nobody answers there, or the loop has ended.</exception>
    internal static Task<StreamTransport> RunAsync(EventLoop loop, DnsEndPoint to, CancellationToken token)
    {
        var call = new ConnectCall(loop, to, token);
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
    }

    /// <summary>Nobody has started it, so nobody is told of it when the loop ends before it.</summary>
    private sealed class ConnectTask(DnsEndPoint to) : LoopTask($"connecting to {to.Host}:{to.Port}")
    {
        internal override bool IsImplicit => true;
    }
}
