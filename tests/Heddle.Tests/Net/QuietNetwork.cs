using System.Net;
using System.Net.Sockets;
using Heddle.LowLevel;

namespace Heddle.Tests.Net;

/// <summary>The real network, but for some addresses that do not answer, or only late.</summary>
/// <remarks>Only real attempts count as operations: the clock waits for those, however busy the machine is, and for nothing else.</remarks>
internal sealed class QuietNetwork(INetworkPoller real) : RealNetwork(real)
{
    internal HashSet<IPAddress> Silent { get; } = [];

    internal TimeSpan? AnswersAfter { get; set; }

    internal List<IPAddress> Tried { get; } = [];

    internal int GivenUp { get; private set; }

    public override int PendingOperations => _connecting;

    private int _connecting;

    public override IoResult<StreamTransport> Connect(
        EndPoint remote, SocketSettings options, IIoCompletion<StreamTransport> completion, out IConnectAttempt? attempt)
    {
        var address = ((IPEndPoint)remote).Address;
        Tried.Add(address);
        if (!Silent.Contains(address))
        {
            return ConnectForReal(remote, options, completion, out attempt);
        }

        attempt = new SilentAttempt(this, remote, options, completion);
        return IoResult<StreamTransport>.Pending;
    }

    private IoResult<StreamTransport> ConnectForReal(
        EndPoint remote, SocketSettings options, IIoCompletion<StreamTransport> completion, out IConnectAttempt? attempt)
    {
        var real = new RealAttempt(this, completion);
        var result = Real.Connect(remote, options, real, out real.Attempt);
        _connecting += result.IsPending ? 1 : 0;
        attempt = result.IsPending ? real : null;
        return result;
    }

    private sealed class RealAttempt(QuietNetwork network, IIoCompletion<StreamTransport> completion) : IConnectAttempt, IIoCompletion<StreamTransport>
    {
        internal IConnectAttempt? Attempt;

        public void Complete(IoResult<StreamTransport> result)
        {
            network._connecting--;
            completion.Complete(result);
        }

        public void Cancel()
        {
            network._connecting--;
            Attempt!.Cancel();
        }
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
                    var result = network.ConnectForReal(remote, options, completion, out _);
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
