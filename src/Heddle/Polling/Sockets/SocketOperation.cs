using System.Net.Sockets;

namespace Heddle;

/// <summary>An operation that .NET carries out on threads of its own, and whose end comes over to the loop. Serves again and again.</summary>
internal sealed class SocketOperation : SocketAsyncEventArgs
{
    private readonly EventLoop _loop;
    private readonly Ending _ending;

    internal SocketOperation(EventLoop loop, ISocketOwner owner)
        : base(true)
    {
        _loop = loop;
        _ending = new Ending(this, owner);
    }

    /// <summary>From its submission until its owner was told the end. Loop thread only.</summary>
    internal bool IsUnderWay { get; private set; }

    /// <summary>True if its owner will be told the end; false if it has ended already.</summary>
    internal bool Submit(Socket socket, Func<Socket, SocketAsyncEventArgs, bool> operation)
        => IsUnderWay = operation(socket, this);

    protected override void OnCompleted(SocketAsyncEventArgs e) => _loop.Submit(_ending);

    private sealed class Ending(SocketOperation operation, ISocketOwner owner) : ILoopItem
    {
        public void Run()
        {
            operation.IsUnderWay = false;
            try
            {
                owner.OnEnded(operation);
            }
            catch (Exception failure)
            {
                owner.OnThrown(operation, failure);
            }
        }

        /// <summary>What was accepted for a loop that is gone has no owner.</summary>
        public void Drop() => operation.AcceptSocket?.Dispose();
    }
}

/// <summary>Is told the end of its operations, also when it was closed before. Loop thread only.</summary>
internal interface ISocketOwner
{
    void OnEnded(SocketOperation operation);

    /// <summary><see cref="OnEnded"/> threw: what waits for it fails with that, and the loop goes on.</summary>
    void OnThrown(SocketOperation operation, Exception failure);
}
