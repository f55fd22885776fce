using Heddle.LowLevel;

namespace Heddle;

/// <summary>Waits once for a descriptor that is not read, such as a process's.</summary>
internal sealed class EpollWatch : IDisposable
{
    private readonly WatchedDescriptor _descriptor;

    internal EpollWatch(EpollPoller poller, int descriptor, IIoCompletion<int> completion)
    {
        _descriptor = new WatchedDescriptor(poller, descriptor);
        _descriptor.Begin(completion);
    }

    public void Dispose() => _descriptor.Close();

    private sealed class WatchedDescriptor(EpollPoller poller, int descriptor) : EpollDescriptor(poller, descriptor, isWritable: false)
    {
        private PendingOperation<int> _wait;

        internal void Begin(IIoCompletion<int> completion) => _wait.Begin(Poller, completion);

        protected override void OnReadable() => _wait.End(Poller, new(0));

        protected override void FailReceive(Exception failure) => _wait.Fail(Poller, failure);

        protected override void OnClosed() => _wait.TryCancel(Poller);
    }
}
