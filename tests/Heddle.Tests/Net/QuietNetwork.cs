using System.Net;
using System.Net.Sockets;
using Heddle.LowLevel;

namespace Heddle.Tests.Net;

/// <summary>The real network, but for some addresses that do not answer, or only late.</summary>
internal sealed class QuietNetwork(INetworkPoller real) : RealNetwork(real)
{
    internal HashSet<IPAddress> Silent { get; } = [];

    internal TimeSpan? AnswersAfter { get; set; }

    internal List<IPAddress> Tried { get; } = [];

    internal int GivenUp { get; private set; }

    public override IoResult<StreamTransport> Connect(
        EndPoint remote, SocketSettings options, IIoCompletion<StreamTransport> completion, out IConnectAttempt? attempt)
    {
        var address = ((IPEndPoint)remote).Address;
        Tried.Add(address);
        if (!Silent.Contains(address))
        {
            return base.Connect(remote, options, completion, out attempt);
        }

        attempt = new SilentAttempt(this, remote, options, completion);
        return IoResult<StreamTransport>.Pending;
    }

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
                    var result = network.Real.Connect(remote, options, completion, out _);
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
