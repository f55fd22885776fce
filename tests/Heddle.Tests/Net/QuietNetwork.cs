using System.Net;
using System.Net.Sockets;
using Heddle.LowLevel;

namespace Heddle.Tests.Net;

/// <summary>The real network, but for some addresses that do not answer, or only late.</summary>
internal sealed class QuietNetwork(INetworkPoller real) : INetworkPoller
{
    private readonly INetworkPoller _real = real;

    internal HashSet<IPAddress> Silent { get; } = [];

    internal TimeSpan? AnswersAfter { get; set; }

    internal List<IPAddress> Tried { get; } = [];

    internal int GivenUp { get; private set; }

    public int PendingOperations => _real.PendingOperations;

    public IoResult<StreamTransport> Connect(
        EndPoint remote, SocketSettings options, IIoCompletion<StreamTransport> completion, out IConnectAttempt? attempt)
    {
        var address = ((IPEndPoint)remote).Address;
        Tried.Add(address);
        if (!Silent.Contains(address))
        {
            return _real.Connect(remote, options, completion, out attempt);
        }

        attempt = new SilentAttempt(this, remote, options, completion);
        return IoResult<StreamTransport>.Pending;
    }

    public ListenTransport Listen(EndPoint local, ListenSettings options) => _real.Listen(local, options);

    public DatagramTransport OpenDatagram(EndPoint local, SocketSettings options) => _real.OpenDatagram(local, options);

    // A poller waits for real; the virtual clock stands around it.
    public void Wait(TimeSpan timeout) => _real.Wait(timeout);

    public void Wake() => _real.Wake();

    public void Dispose() => _real.Dispose();

    private sealed class SilentAttempt : IConnectAttempt
    {
        private readonly QuietNetwork _network;
        private readonly LoopTimer? _timer;

        internal SilentAttempt(QuietNetwork network, EndPoint remote, SocketSettings options, IIoCompletion<StreamTransport> completion)
        {
            _network = network;
            if (network.AnswersAfter is { } delay)
            {
                _timer = new LoopTimer(EventLoop.Current, () =>
                {
                    var result = network._real.Connect(remote, options, completion, out _);
                    if (!result.IsPending)
                    {
                        completion.Complete(result);
                    }
                });
                _timer.Schedule(delay);
            }
        }

        public void Cancel()
        {
            _network.GivenUp++;
            _timer?.Cancel();
        }
    }
}
