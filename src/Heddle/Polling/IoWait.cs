using System.Net.Sockets;
using Heddle.LowLevel;

namespace Heddle;

/// <summary>A task's wait for an I/O operation.</summary>
internal abstract class IoWait<T> : Suspension<T>, IIoCompletion<T>
{
    private Exception? _failure;

    public void Complete(IoResult<T> result)
    {
        if (OnProgress(result) is not { IsPending: false } end)
        {
            return;
        }

        if (TryKeep(end))
        {
            Resume();
        }
        else
        {
            ResumeFailed();
        }
    }

    /// <summary>Submits the operation, with this as its completion. Must not throw.</summary>
    protected abstract IoResult<T> Submit();

    /// <summary>The submitted operation has ended: what that means for the whole. One that is made of several submits the next.</summary>
    protected virtual IoResult<T> OnProgress(IoResult<T> result) => result;

    protected abstract Exception CreateFailure(SocketError error);

    protected sealed override bool Begin()
    {
        var result = Submit();
        if (result.IsPending)
        {
            return false;
        }

        if (!TryKeep(result))
        {
            FailAtOnce();
        }

        return true;
    }

    protected sealed override Exception OwnFailure => _failure!;

    protected override void ReturnToPool() => _failure = null;

    private bool TryKeep(IoResult<T> result)
    {
        if (result.IsSuccess)
        {
            Value = result.Value;
            return true;
        }

        _failure = CreateFailure(result.Error);
        return false;
    }
}
