using System.Net;
using System.Net.Sockets;

namespace Heddle.Tests.Net;

/// <summary>An end point that answers nothing: somebody listens there, whose queue is full, so that the system drops who knocks.</summary>
internal sealed class BlackHole : IDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly List<Socket> _queued = [];

    internal BlackHole()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Other systems answer when a queue is full.");
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen(0);
        Socket last;
        do
        {
            last = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { Blocking = false };
            _queued.Add(last);
            try
            {
                last.Connect(EndPoint);
            }
            catch (SocketException underWay) when (underWay.SocketErrorCode == SocketError.WouldBlock)
            {
            }

            // A real wait: that the system does not answer can only be told by its not answering for a while.
        }
        while (last.Poll(TimeSpan.FromMilliseconds(200), SelectMode.SelectWrite));
    }

    internal IPEndPoint EndPoint => (IPEndPoint)_listener.LocalEndPoint!;

    public void Dispose()
    {
        _queued.ForEach(socket => socket.Dispose());
        _listener.Dispose();
    }
}
