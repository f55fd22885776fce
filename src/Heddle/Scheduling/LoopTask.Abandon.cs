using System.Runtime.ExceptionServices;
using Heddle.LowLevel;

namespace Heddle;

/// <content>Giving up a stack that nobody can resume.</content>
public partial class LoopTask
{
    internal override void Abandon(Frame wait, Exception failure)
    {
        if (!((ForeignWait)wait).TryDisarm())
        {
            // It has called back as well, so the await is over and the task goes on.
            Loop.Report(LoopReports.CallbackFailed(this, failure));
            return;
        }

        GiveUpStack(failure);
        State = RunnerState.Running;
    }

    private void GiveUpStack(Exception failure)
    {
        var root = WindUpAsync(failure).Take();
        root.Parent = null;
        Top = root;
    }

    /// <summary>In the place of the stack: cancels what its scopes hold, waits for it, and fails.</summary>
    private async Coroutine WindUpAsync(Exception failure)
    {
        while (IsInEnteredScope)
        {
            var scope = Scope;
            scope.CancelCore($"{Describe()} cannot go on: {failure.Message}");
            if (scope.Tasks is { } tasks)
            {
                await tasks.WindUpAsync();
            }

            await scope.CloseResourcesAsync(isFailing: true);
            ExitScope(scope);
        }

        ExceptionDispatchInfo.Throw(failure);
    }
}
