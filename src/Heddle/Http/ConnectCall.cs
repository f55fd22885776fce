using System.Net;
using System.Net.Sockets;
using Heddle.LowLevel;

namespace Heddle;

/// <summary>One attempt to connect, brought over to a loop from another thread.</summary>
internal sealed class ConnectCall : LoopAction, IOutlivesLoop, IIoCompletion<StreamTransport>
{
    private static readonly SocketSettings s_settings = new();

    private readonly TaskCompletionSource<StreamTransport> _made = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly EventLoop _loop;
    private readonly EndPoint _to;
    private readonly CancellationToken _token;
    private IConnectAttempt? _attempt;

    private ConnectCall(EventLoop loop, EndPoint to, CancellationToken token)
    {
        _loop = loop;
        _to = to;
        _token = token;
    }

    /// <summary>Any thread; goes on where the thread pool pleases.</summary>
    /// <exception cref="SocketException">Nobody answers there, or refuses, or the loop has ended.</exception>
    internal static async Task<StreamTransport> RunAsync(EventLoop loop, EndPoint to, CancellationToken token)
    {
        token.ThrowIfCancellationRequested();
        var call = new ConnectCall(loop, to, token);
        loop.EnterFromOutside(call);

        // Not disposed of: that would wait for a cancellation which just runs, on the loop's thread it may be.
        var registration = token.UnsafeRegister(static call => ((ConnectCall)call!).CancelFromAnywhere(), call);
        try
        {
            return await call._made.Task.ConfigureAwait(false);
        }
        finally
        {
            registration.Unregister();
        }
    }

    public void RunElsewhere() => _made.TrySetException(new SocketException((int)SocketError.OperationAborted));

    public void Complete(IoResult<StreamTransport> result)
    {
        _attempt = null;
        if (result.IsSuccess)
        {
            _made.SetResult(result.Value);
        }
        else
        {
            _made.SetException(new SocketException((int)result.Error));
        }
    }

    internal override void Invoke()
    {
        if (_token.IsCancellationRequested)
        {
            _made.SetCanceled(_token);
        }
        else if (_loop.Network.Connect(_to, s_settings, this, out _attempt) is { IsPending: false } result)
        {
            Complete(result);
        }
    }

    private void CancelFromAnywhere() => _loop.Post(static call => call.Cancel(), this);

    private void Cancel()
    {
        if (_attempt is { } attempt)
        {
            _attempt = null;
            attempt.Cancel();
            _made.SetCanceled(_token);
        }
    }
}
