using System.ComponentModel;
using Heddle.LowLevel;

namespace Heddle;

/// <content>Ending it with all that it has started.</content>
internal sealed partial class PortableProcess
{
    /// <summary>Linux's SIGSTOP.</summary>
    private const int StandStill = 19;

    /// <summary>What forks faster than it is stopped must end some time.</summary>
    private const int MostRounds = 20;

    public override async Coroutine StopAsync(TimeSpan grace)
    {
        if (!_status.IsPending || _process.HasExited)
        {
            await _end;
            return;
        }

        if (OperatingSystem.IsWindows())
        {
            KillTree();
            await _end;
            return;
        }

        using var others = new PolledTree(Id);

        // The parent first: else it may see its children end, and end by itself, as if all were well.
        await others.FindAsync(() => _process.HasExited);
        SendSignal(Signals.Terminate);
        others.Send(Signals.Terminate);
        if (grace != TimeSpan.Zero)
        {
            await CancelScope.MoveOnAfterAsync(grace, _ => EndOfAllAsync(others));
        }

        await KillAllAsync(others);
        await EndOfAllAsync(others);
    }

    /// <summary>On Linux they are made to stand still first: then they start nothing more, and all can be found.</summary>
    private async Coroutine KillAllAsync(PolledTree others)
    {
        if (!OperatingSystem.IsLinux())
        {
            if (!_process.HasExited)
            {
                KillTree();
            }

            return;
        }

        var round = 0;
        do
        {
            if (!_process.HasExited)
            {
                SendSignal(StandStill);
            }

            others.Send(StandStill);
        }
        while (await others.FindAsync(() => _process.HasExited) && ++round < MostRounds);

        if (!_process.HasExited)
        {
            KillAlone();
        }

        others.Send(Signals.Kill);
    }

    private void KillTree()
    {
        try
        {
            _process.Kill(entireProcessTree: true);
        }
        catch (Exception failure) when (failure is AggregateException or Win32Exception or IOException or UnauthorizedAccessException)
        {
            // Some of its descendants may not be killed, or cannot be looked for without a descriptor. It itself ends nevertheless.
            KillAlone();
        }
    }

    private void KillAlone()
    {
        try
        {
            _process.Kill();
        }
        catch (Win32Exception)
        {
            throw StartFailures.NotAllowed(_start, Id);
        }
    }

    private async Coroutine EndOfAllAsync(PolledTree others)
    {
        await _end;
        await others.EndAsync().OrCanceled();
    }
}
