using System.Net;
using System.Net.Sockets;

namespace Heddle.Tests.Net;

/// <summary>Where a certificate says that its issuer's certificate is to be had: somebody accepts there, and never answers.</summary>
internal sealed class SlowIssuer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly List<Socket> _asking = [];
    private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal SlowIssuer()
    {
        _listener.Start();
        _ = AcceptAsync();
    }

    internal string Address => $"http://{_listener.LocalEndpoint}/issuer.crt";

    /// <summary>Ends when somebody has connected.</summary>
    internal Task Asked => _asked.Task;

    /// <summary>How many have ever connected.</summary>
    internal int Count
    {
        get
        {
            lock (_asking)
            {
                return _asking.Count;
            }
        }
    }

    /// <summary>Whether somebody still waits for the answer.</summary>
    internal bool IsAwaited
    {
        get
        {
            lock (_asking)
            {
                return _asking.Exists(socket => !HasBeenClosed(socket));
            }
        }
    }

    /// <summary>Whoever waits hears that nothing comes.</summary>
    public void Dispose()
    {
        _listener.Stop();
        lock (_asking)
        {
            _asking.ForEach(socket => socket.Dispose());
        }
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var socket = await _listener.AcceptSocketAsync();
                lock (_asking)
                {
                    _asking.Add(socket);
                }

                _asked.TrySetResult();
            }
        }
        catch (Exception stopped) when (stopped is SocketException or ObjectDisposedException or InvalidOperationException)
        {
        }
    }

    private static bool HasBeenClosed(Socket socket)
    {
        var rest = new byte[4096];
        while (socket.Available > 0)
        {
            socket.Receive(rest);
        }

        return socket.Poll(0, SelectMode.SelectRead);
    }
}
