using System.Net;
using System.Net.Sockets;
using Heddle.LowLevel;

namespace Heddle.Tests.Net;

/// <summary>The real network, whose listeners first fail in all the ways that they are given.</summary>
internal sealed class FailingListeners(INetworkPoller real, Queue<Func<IoResult<StreamTransport>>> failures) : RealNetwork(real)
{
    public override ListenTransport Listen(EndPoint local, ListenSettings options) => new Listener(base.Listen(local, options), failures);

    /// <summary>Fails at once, and the next time when somebody has connected.</summary>
    private sealed class Listener(ListenTransport real, Queue<Func<IoResult<StreamTransport>>> failures) : ListenTransport
    {
        private bool _failsLate;

        public override EndPoint LocalEndPoint => real.LocalEndPoint;

        public override IoResult<StreamTransport> Accept(IIoCompletion<StreamTransport> completion)
        {
            if (!failures.TryPeek(out var fail))
            {
                return real.Accept(completion);
            }

            _failsLate = !_failsLate;
            if (_failsLate)
            {
                return fail();
            }

            failures.Dequeue();
            var late = new Late(completion, fail);
            EventLoop.Current.Post(late.Complete);
            return IoResult<StreamTransport>.Pending;
        }

        public override bool TryCancelAccept() => failures.Count > 0 || real.TryCancelAccept();

        public override void Dispose() => real.Dispose();
    }

    private sealed class Late(IIoCompletion<StreamTransport> completion, Func<IoResult<StreamTransport>> fail)
    {
        internal void Complete()
        {
            IoResult<StreamTransport> result;
            try
            {
                result = fail();
            }
            catch (Exception)
            {
                result = new(SocketError.Fault);
            }

            completion.Complete(result);
        }
    }
}
