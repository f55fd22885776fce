using System.Net.Sockets;
using Heddle.LowLevel;

namespace Heddle;

/// <summary>A task's wait for an I/O operation.</summary>
/// <remarks>Whatever is thrown on the way, by a transport, by the caller's memory, for lack of memory, is the failure of this wait and of nobody else.</remarks>
internal abstract class IoWait<T> : Suspension<T>, IIoCompletion<T>, IFailingCompletion
{
    private Exception? _failure;
    private bool _hasThrown;

    /// <summary>
    /// False once something threw: an operation may be under way still, and its late end must find this wait, which hears it no
    /// more, and not a later one of the same object.
    /// </summary>
    protected bool MayServeAgain => !_hasThrown;

    public void Complete(IoResult<T> result)
    {
        if (Status != FrameStatus.Running)
        {
            return;
        }

        bool isKept;
        try
        {
            if (OnProgress(result) is not { IsPending: false } end)
            {
                return;
            }

            isKept = TryKeep(end);
        }
        catch (Exception failure)
        {
            Fail(failure);
            return;
        }

        if (isKept)
        {
            Resume();
        }
        else
        {
            ResumeFailed();
        }
    }

    public void Fail(Exception failure)
    {
        if (Status == FrameStatus.Running)
        {
            _hasThrown = true;
            _failure = failure;
            ResumeFailed();
        }
    }

    /// <summary>Submits the operation, with this as its completion. If it throws, nothing is under way.</summary>
    protected abstract IoResult<T> Submit();

    /// <summary>The submitted operation has ended: what that means for the whole. One that is made of several submits the next.</summary>
    protected virtual IoResult<T> OnProgress(IoResult<T> result) => result;

    protected abstract Exception CreateFailure(SocketError error);

    protected sealed override bool Begin()
    {
        try
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
        }
        catch (Exception failure)
        {
            _hasThrown = true;
            _failure = failure;
            FailAtOnce();
        }

        return true;
    }

    protected sealed override Failure OwnFailure => _failure!;

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
