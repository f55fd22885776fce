using System.ComponentModel;
using Heddle.LowLevel;

namespace Heddle;

/// <content>Ending it with all that it has started.</content>
internal sealed partial class PortableProcess
{
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
        others.Find(hasRootEnded: false);
        SendSignal(Signals.Terminate);
        others.Send(Signals.Terminate);
        if (grace != TimeSpan.Zero)
        {
            await CancelScope.MoveOnAfterAsync(grace, _ => EndOfAllAsync(others));
        }

        others.Find(_process.HasExited);

        // .NET finds descendants while their parents live; those whose parents are gone were found before.
        if (!_process.HasExited)
        {
            KillTree();
        }

        others.Send(Signals.Kill);
        await EndOfAllAsync(others);
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
