using System.Net.Sockets;

namespace Heddle;

/// <summary>A descriptor that stands in the epoll set from its opening to its closing, edge-triggered in both directions.</summary>
/// <remarks>
/// What the kernel has said is remembered here: an operation that may succeed is tried at once, one that cannot waits for the
/// next edge.
/// </remarks>
internal abstract class EpollDescriptor
{
    private readonly int _slot;

    /// <param name="poller">Where it stands.</param>
    /// <param name="descriptor">Owned from here on, also if this throws.</param>
    /// <param name="isWritable">Whether the first send may be tried.</param>
    protected EpollDescriptor(EpollPoller poller, int descriptor, bool isWritable)
    {
        Poller = poller;
        Descriptor = descriptor;
        IsWritable = isWritable;
        try
        {
            _slot = poller.Add(this, descriptor);
        }
        catch
        {
            _ = Libc.close(descriptor);
            Descriptor = -1;
            throw;
        }
    }

    internal EpollPoller Poller { get; }

    /// <summary>-1 once it is closed.</summary>
    internal int Descriptor { get; private set; }

    internal bool IsClosed => Descriptor < 0;

    /// <summary>Whether a receive may succeed.</summary>
    protected bool IsReadable { get; set; }

    /// <summary>Whether a send may succeed.</summary>
    protected bool IsWritable { get; set; }

    /// <summary>The other end has finished, or the connection is broken: no further edge need come, so each receive is tried.</summary>
    protected bool HasHungUp { get; private set; }

    /// <summary>
    /// A receive that gets less than it asked for has emptied a socket, so that another try is spared (epoll(7)). Not where the stream is
    /// cut in pieces: TCP and Unix sockets end a receive at urgent data, and what is behind it makes no further edge.
    /// </summary>
    protected bool ComesInPieces { get; set; }

    internal void OnEvents(uint events)
    {
        if ((events & Libc.EPOLLPRI) != 0)
        {
            ComesInPieces = true;
        }

        if ((events & (Libc.EPOLLRDHUP | Libc.EPOLLHUP | Libc.EPOLLERR)) != 0)
        {
            HasHungUp = true;
        }

        if ((events & (Libc.EPOLLIN | Libc.EPOLLRDHUP | Libc.EPOLLHUP | Libc.EPOLLERR)) != 0)
        {
            IsReadable = true;
            try
            {
                OnReadable();
            }
            catch (Exception failure)
            {
                FailReceive(failure);
            }
        }

        if ((events & (Libc.EPOLLOUT | Libc.EPOLLHUP | Libc.EPOLLERR)) != 0 && !IsClosed)
        {
            IsWritable = true;
            try
            {
                OnWritable();
            }
            catch (Exception failure)
            {
                FailSend(failure);
            }
        }
    }

    /// <summary>Goes on with what waits to receive. What it calls may close the descriptor.</summary>
    protected abstract void OnReadable();

    /// <summary>Goes on with what waits to send.</summary>
    protected virtual void OnWritable()
    {
    }

    /// <summary><see cref="OnReadable"/> threw: what waits to receive fails with that, and the poller goes on.</summary>
    protected abstract void FailReceive(Exception failure);

    /// <summary>The same for <see cref="OnWritable"/>.</summary>
    protected virtual void FailSend(Exception failure) => Poller.Report(failure);

    /// <summary>Ends what is under way, after the closing.</summary>
    protected abstract void OnClosed();

    internal void Close()
    {
        if (IsClosed)
        {
            return;
        }

        Poller.Remove(_slot);
        _ = Libc.close(Descriptor);
        Descriptor = -1;
        OnClosed();
    }

    /// <summary>Why the last system call failed; <see cref="SocketError.WouldBlock"/> if it has to be waited for.</summary>
    protected static SocketError LastError() => Errno.ToSocketError(Errno.Last);
}
