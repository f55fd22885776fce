using System.IO.Pipes;
using System.Net;
using Heddle.LowLevel;

namespace Heddle;

/// <content>Descriptors that others have opened.</content>
internal sealed unsafe partial class EpollPoller : IDescriptorPoller
{
    public IDescriptorPoller Descriptors => this;

    public StreamTransport OpenPipe(int descriptor, PipeDirection direction, EndPoint? name) => direction switch
    {
        PipeDirection.In => new EpollPipeReader(this, descriptor, name),
        PipeDirection.Out => new EpollPipeWriter(this, descriptor, name),
        _ => throw new ArgumentOutOfRangeException(nameof(direction)),
    };

    public IDisposable Watch(int descriptor, IIoCompletion<int> completion) => new EpollWatch(this, descriptor, completion);
}
