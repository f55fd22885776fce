namespace Heddle;

/// <summary>Waits for one of several waits, and takes the others back: the value is the number of the one that took effect.</summary>
/// <remarks>
/// All of them are waits of the same task, which stands in several lines at once. Whoever grants one of them calls <see cref="OnEnded"/>
/// there and then, and that takes the others out of their lines before anybody can grant another: that is the whole of "exactly one".
/// </remarks>
internal sealed class Selection(Frame[] waits) : Suspension<int>
{
    private const int None = -1;

    private int _chosen = None;

    /// <summary>How many have begun and not ended.</summary>
    private int _pending;

    /// <summary>While it walks over its waits, ends are noted and acted upon afterwards.</summary>
    private bool _isWalking;

    /// <summary>What would end at once, if anything would: the first of them.</summary>
    internal static int FindReady(Frame[] waits, LoopTask task)
        => Array.FindIndex(waits, wait => wait.WouldComplete(task) == true);

    internal override string Describe() => $"the first of: {string.Join("; ", waits.Where(wait => !wait.HasEnded).Select(wait => wait.Describe()))}";

    /// <summary>A wait has ended, in whichever way.</summary>
    internal void OnEnded(Frame wait)
    {
        _pending--;
        if (_chosen == None && wait.Status != FrameStatus.Canceled)
        {
            _chosen = Value = Array.IndexOf(waits, wait);
        }

        if (_isWalking)
        {
            return;
        }

        TakeOthersBack();
        if (_pending == 0 && _chosen == None)
        {
            ResumeCanceled();
        }
        else if (_pending == 0)
        {
            Resume();
        }
    }

    protected override bool Begin()
    {
        _isWalking = true;
        foreach (var wait in waits)
        {
            wait.Parent = this;
        }

        for (var i = 0; i < waits.Length && _chosen == None; i++)
        {
            // What cannot tell begins and is taken back if need be. What stands in a line does that when all have been asked, since
            // taking from one end of a queue would otherwise serve this task's own wait at the other.
            if (waits[i].WouldComplete(WaitingTask) != false)
            {
                BeginOne(i);
            }
        }

        for (var i = 0; i < waits.Length && _chosen == None; i++)
        {
            if (waits[i].Status is FrameStatus.Cold or FrameStatus.Eager)
            {
                BeginOne(i);
            }
        }

        _isWalking = false;
        if (_chosen == None)
        {
            return false;
        }

        TakeOthersBack();
        return _pending == 0;
    }

    protected override bool Abort()
    {
        if (_chosen != None)
        {
            return false;
        }

        TakeOthersBack();
        return _pending == 0;
    }

    private void BeginOne(int i)
    {
        var wait = waits[i];
        _pending++;
        try
        {
            if (!wait.BeginBeside(WaitingTask) || _chosen == i)
            {
                return;
            }
        }
        catch (Exception failure)
        {
            wait.Break(failure);
        }

        OnEnded(wait);
    }

    /// <summary>The last one first: so nobody who leaves a line lets in another wait of this task that stands behind it.</summary>
    private void TakeOthersBack()
    {
        _isWalking = true;
        for (var i = waits.Length - 1; i >= 0; i--)
        {
            var wait = waits[i];
            if (wait.Status is FrameStatus.Cold or FrameStatus.Eager)
            {
                wait.Forgo(WaitingTask);
            }
            else
            {
                wait.TryAbort();
            }
        }

        _isWalking = false;
    }
}
