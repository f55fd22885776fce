using System.Net.Security;
using System.Net.Sockets;
using Heddle.LowLevel;

namespace Heddle;

/// <summary>The sending half of TLS.</summary>
internal sealed class TlsSender(SslStream session, EventLoop loop)
{
    private IIoCompletion<int>? _completion;
    private bool _isBusy;
    private bool _isTorn;
    private bool _hasSaidGoodbye;

    internal IoResult<int> Send(ReadOnlyMemory<byte> piece, IIoCompletion<int> completion)
    {
        if (Refusal() is { } refusal)
        {
            return refusal;
        }

        ValueTask writing;
        try
        {
            writing = session.WriteAsync(piece);
        }
        catch (Exception failure)
        {
            return new(TlsFailures.ToSocketError(failure));
        }

        if (writing.IsCompletedSuccessfully)
        {
            return new(piece.Length);
        }

        return Begin(FinishWriteAsync(writing, piece.Length), completion);
    }

    /// <summary>Says the end inside TLS, then below it.</summary>
    internal IoResult<int> Finish(IIoCompletion<int> completion, StreamTransport inner)
    {
        if (Refusal() is { } refusal)
        {
            return refusal;
        }

        _hasSaidGoodbye = true;
        return Begin(FinishAsync(completion, inner), completion);
    }

    internal bool TryCancel()
    {
        var isPending = _completion is not null;
        _completion = null;

        // What has begun goes on, and part of it may have left: nothing that follows could be understood.
        _isTorn |= isPending;
        return isPending;
    }

    /// <summary>Tells the other end that this was the end, if that can be had at once.</summary>
    internal void SayGoodbye()
    {
        if (!_isBusy && !_isTorn && !_hasSaidGoodbye)
        {
            _ = IgnoreAsync(session.ShutdownAsync());
        }
    }

    internal void Close() => End(new(SocketError.OperationAborted));

    private IoResult<int>? Refusal()
        => _isTorn ? new(SocketError.Shutdown) : _isBusy ? new(SocketError.AlreadyInProgress) : null;

    private IoResult<int> Begin(Task<IoResult<int>> operation, IIoCompletion<int> completion)
    {
        if (operation.IsCompletedSuccessfully)
        {
            return operation.Result;
        }

        _isBusy = true;
        _completion = completion;
        _ = WaitAsync(operation);
        return IoResult<int>.Pending;
    }

    private async Task WaitAsync(Task<IoResult<int>> operation)
    {
        var result = await operation.ConfigureAwait(false);
        loop.RunOnThread(() =>
        {
            _isBusy = false;
            End(result);
        });
    }

    private void End(IoResult<int> result)
    {
        if (_completion is { } completion)
        {
            _completion = null;
            completion.Complete(result);
        }
    }

    private static async Task<IoResult<int>> FinishWriteAsync(ValueTask writing, int count)
    {
        try
        {
            await writing.ConfigureAwait(false);
            return new(count);
        }
        catch (Exception failure)
        {
            return new(TlsFailures.ToSocketError(failure));
        }
    }

    private async Task<IoResult<int>> FinishAsync(IIoCompletion<int> completion, StreamTransport inner)
    {
        try
        {
            await session.ShutdownAsync().ConfigureAwait(false);
            return inner.FinishSending(completion);
        }
        catch (Exception failure)
        {
            return new(TlsFailures.ToSocketError(failure));
        }
    }

    private static async Task IgnoreAsync(Task task)
    {
        try
        {
            await task.ConfigureAwait(false);
        }
        catch (Exception)
        {
            // The connection is being closed, and nobody is left to tell.
        }
    }
}
