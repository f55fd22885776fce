namespace Heddle;

/// <content>Ending it with all that it has started.</content>
internal sealed partial class NativeProcess
{
    private bool _isStopping;

    public override async Coroutine StopAsync(TimeSpan grace)
    {
        // It may have ended by itself, and the poller not have told it yet: what it has left running is not touched.
        if (!_status.IsPending || TryTellEnd())
        {
            return;
        }

        _isStopping = true;
        try
        {
            using var tree = new ProcessTree(_poller, Id, _descriptor, _hasOwnGroup);
            await tree.TerminateAsync();
            if (grace != TimeSpan.Zero)
            {
                await CancelScope.MoveOnAfterAsync(grace, _ => EndOfAllAsync(tree));
            }

            if (!await tree.KillAsync())
            {
                throw StartFailures.NotAllowed(_start, Id);
            }

            await EndOfAllAsync(tree);
        }
        finally
        {
            _isStopping = false;
            if (!_status.IsPending)
            {
                Reap();
            }
        }
    }

    private async Coroutine EndOfAllAsync(ProcessTree tree)
    {
        await _end;
        await tree.EndOfOthersAsync();
    }
}
